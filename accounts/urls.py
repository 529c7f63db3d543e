"""Every address of this app. Signing in and setting a first password are open; the rest needs somebody signed in."""

from django.urls import path

from accounts import views

app_name = "accounts"

urlpatterns = [
    path("login/", views.login, name="login"),
    path("logout/", views.logout, name="logout"),
    path("password/<uidb64>/<token>/", views.set_password, name="set_password"),
    path("settings/", views.settings, name="settings"),
    path("settings/profile/", views.profile, name="profile"),
    path("settings/profile/password/", views.password, name="password"),
    # Canvas accounts
    path("settings/accounts/", views.canvas_accounts, name="canvas_accounts"),
    path("settings/accounts/add/", views.canvas_account_add, name="canvas_account_add"),
    path("settings/accounts/<slug:slug>/", views.canvas_account, name="canvas_account"),
    path("settings/accounts/<slug:slug>/credential/", views.credential, name="credential"),
    path("settings/accounts/<slug:slug>/token/", views.token, name="token"),
    path("settings/accounts/<slug:slug>/address/", views.address, name="address"),
    path("settings/accounts/<slug:slug>/archive/", views.archive, name="archive"),
    path("settings/accounts/<slug:slug>/people/", views.member_add, name="member_add"),
    path("settings/accounts/<slug:slug>/people/<int:pk>/role/", views.member_role, name="member_role"),
    path("settings/accounts/<slug:slug>/people/<int:pk>/remove/", views.member_remove, name="member_remove"),
    # People
    path("settings/people/", views.people, name="people"),
    path("settings/people/add/", views.person_add, name="person_add"),
    path("settings/people/<int:pk>/", views.person, name="person"),
    path("settings/people/<int:pk>/link/", views.person_link, name="person_link"),
    path("settings/people/<int:pk>/active/", views.person_active, name="person_active"),
    # Audit log
    path("settings/audit/", views.audit, name="audit"),
    path("settings/audit/download/", views.audit_csv, name="audit_csv"),
]
