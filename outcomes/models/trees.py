"""Trees of outcomes: the groups of an account or course and what stands in them, as Canvas last showed them."""

from django.db import models

from accounts.models import CanvasAccount
from outcomes.models.errands import Errand
from outcomes.outcome.described import Described

ROOT = "root"


class Tree(Errand):
    """One per place: the root account, an account below it, or a course. A half-read one is nobody's business."""

    canvas_account = models.ForeignKey(CanvasAccount, on_delete=models.CASCADE, related_name="trees")
    place = models.CharField(max_length=40, help_text="root, account-12 or course-7")
    began_at = models.DateTimeField(null=True, help_text="when the first of its pages came that are kept now")
    requests = models.PositiveIntegerField(default=0, help_text="what the present reading has cost Canvas so far")
    context_id = models.BigIntegerField(null=True, help_text="Canvas's number of the account or course")
    title = models.CharField(max_length=255, blank=True, help_text="of the root group: the name of the place")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["canvas_account", "place"], name="one_tree_per_place")]
        indexes = [models.Index(fields=["try_at"], condition=models.Q(wanted_at__isnull=False), name="tree_wanted")]

    def __str__(self) -> str:
        return f"tree {self.place} of {self.canvas_account_id}"


class TreePage(models.Model):
    """A page of Canvas's list while a tree is being read; gone as soon as it is whole."""

    tree = models.ForeignKey(Tree, on_delete=models.CASCADE, related_name="pages")
    part = models.CharField(max_length=8, help_text="groups or links")
    number = models.PositiveIntegerField()
    is_last = models.BooleanField()
    content = models.BinaryField(help_text="Canvas's objects as JSON, compressed")

    class Meta:
        ordering = ["part", "number"]
        constraints = [models.UniqueConstraint(fields=["tree", "part", "number"], name="one_tree_page_per_number")]

    def __str__(self) -> str:
        return f"{self.part} {self.number}"


class TreeGroup(models.Model):
    tree = models.ForeignKey(Tree, on_delete=models.CASCADE, related_name="groups")
    canvas_id = models.BigIntegerField()
    parent_canvas_id = models.BigIntegerField(null=True, help_text="none for the root")
    title = models.CharField(max_length=255)
    vendor_guid = models.CharField(max_length=255, blank=True)
    description = models.TextField(blank=True)

    class Meta:
        ordering = ["title", "canvas_id"]
        constraints = [models.UniqueConstraint(fields=["tree", "canvas_id"], name="one_tree_group_per_canvas_id")]

    def __str__(self) -> str:
        return self.title


class TreeOutcome(models.Model):
    """An outcome as it is seen from the tree's place: under account mastery scales with the scale of that place."""

    tree = models.ForeignKey(Tree, on_delete=models.CASCADE, related_name="outcomes")
    canvas_id = models.BigIntegerField()
    title = models.CharField(max_length=255)
    searched = models.TextField(help_text="title, display name and GUID, without case and accents")
    assessed = models.BooleanField(null=True, help_text="whether anybody has a result for it anywhere")
    described = models.JSONField(help_text="as `outcomes.outcome.described` writes it")

    class Meta:
        ordering = ["title", "canvas_id"]
        constraints = [models.UniqueConstraint(fields=["tree", "canvas_id"], name="one_tree_outcome_per_canvas_id")]
        indexes = [models.Index(fields=["canvas_id"], name="tree_outcome_canvas_id")]

    def __str__(self) -> str:
        return self.title

    @property
    def facts(self) -> Described:
        return Described.from_json(self.described)


class TreeLink(models.Model):
    """That an outcome stands in a group. `assessed` says whether anybody has a result for it in this place."""

    group = models.ForeignKey(TreeGroup, on_delete=models.CASCADE, related_name="links")
    outcome = models.ForeignKey(TreeOutcome, on_delete=models.CASCADE, related_name="links")
    assessed = models.BooleanField(null=True)

    class Meta:
        ordering = ["outcome__title", "outcome__canvas_id"]
        constraints = [models.UniqueConstraint(fields=["group", "outcome"], name="one_tree_link_per_group")]

    def __str__(self) -> str:
        return f"outcome {self.outcome_id} in group {self.group_id}"
