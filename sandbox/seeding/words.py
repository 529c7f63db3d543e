"""Names of people, faculties, courses and outcomes. Nobody here exists."""

GIVEN_NAMES = tuple(
    "Abeni Adrián Agnes Alba Amina Anders Anouk Arjun Asa Astrid Bao Bettina Blanca Bruno Caio Calla Camille Cem "
    "Chiara Cora Dario Delia Dhara Dora Edda Efua Eitan Elias Enid Esra Fatou Fergus Fiona Florin Gaël Gwen Hamid "
    "Hedda Henrik Hina Hugo Idris Ilse Imani Ingrid Irina Isaac Iva Jae Jasper Joana Jovan June Kaede Kamal Keira "
    "Kenji Lachlan Laila Leandro Levi Liv Lorenz Lucja Maha Malin Manu Marit Mateo Maya Milan Mirela Moira Naira "
    "Ned Nela Nils Noor Odile Oluchi Orla Otto Paloma Pavel Quinn Rafael Rania Renske Ronan Ruben Sada Samir Saskia "
    "Sena Sigrid Silas Simone Tadeo Tamar Tessa Tove Ugo Ulla Vasil Vida Wendel Wren Xavi Yael Yorick Yuna Zaid Zofia"
    .split()
)  # fmt: skip
FAMILY_NAMES = tuple(
    "Abara Adeyemi Ahlgren Almeida Ambrose Andrade Aoki Ashdown Bakker Balogun Banerjee Barros Bellamy Benítez "
    "Bergstrom Bianchi Blackwood Boateng Bouchard Brandt Bui Calloway Cardoso Castellan Chaudhry Cho Conti Corrigan "
    "Dahl Dias Dobrev Drummond Eklund Engels Eriksen Farouk Fenwick Ferrante Fontaine Fujita Galloway Ganesan Gerber "
    "Ghosh Gomes Granger Grgić Haddad Halloran Hansson Hartley Hasegawa Holm Horvat Ibarra Ikeda Ivanova Jansen "
    "Jelinek Kamara Kaplan Keller Khalil Kirk Kobayashi Kovář Lacroix Lam Larsson Lindqvist Lombardi Lowell Madsen "
    "Mahlangu Marchetti Matsuda Mensah Molnár Moreau Mwangi Nakata Navarro Nilsen Novak Obi Okafor Olsen Osman Paiva "
    "Petrov Pham Quigley Ramos Reyes Ricci Rossi Sahin Salazar Santos Schreiber Sharma Silva Sobol Solberg Sorensen "
    "Takeda Thorne Tran Ueda Vance Varga Vermeer Vidal Wahlberg Whitlock Yamada Yilmaz Zhou Zielinski".split()
)  # fmt: skip

# Code, name, departments as code and name.
FACULTIES = (
    ("SCI", "Faculty of Science", (("BIO", "Biology"), ("CHE", "Chemistry"), ("GEO", "Earth Science"))),
    ("HUM", "Faculty of Humanities", (("HIS", "History"), ("PHI", "Philosophy"), ("LIN", "Linguistics"))),
    ("HEA", "Faculty of Health", (("NUR", "Nursing"), ("NUT", "Nutrition"), ("PUB", "Public Health"))),
)

# SIS id, name, start, end. All are over when a clock that stands still begins: nothing is assessed in the future.
TERMS = (
    ("2024A", "Autumn 2024", "2024-09-02", "2024-12-20"),
    ("2025S", "Spring 2025", "2025-01-13", "2025-05-23"),
    ("2025A", "Autumn 2025", "2025-09-01", "2025-12-19"),
)

COURSE_TOPICS = (
    "Foundations of {}",
    "Methods in {}",
    "{} in Practice",
    "Seminar in {}",
    "Project in {}",
    "Advanced {}",
)

# Group of outcomes, and the verbs with which its outcomes begin.
THEMES = (
    ("COM", "Communication", ("Writes clearly about", "Speaks persuasively about", "Listens and responds to")),
    ("REA", "Reasoning", ("Builds arguments about", "Judges claims about", "Solves problems in")),
    ("INQ", "Inquiry", ("Designs studies of", "Gathers evidence on", "Judges sources on")),
    ("NUM", "Numeracy", ("Reads data on", "Models numbers in", "Presents figures on")),
    ("COL", "Collaboration", ("Plans teamwork on", "Leads discussions of", "Gives feedback on")),
    ("ETH", "Ethics", ("Weighs values in", "Acts responsibly in", "Reflects on choices in")),
)
SUBJECTS = (
    "complex questions", "unfamiliar problems", "the field", "current research", "public debates", "everyday practice",
    "cultural contexts", "natural systems", "case studies", "historical change", "experiments", "communities",
)  # fmt: skip

# Title and submission types.
ASSIGNMENTS = (
    ("Essay draft", "online_text_entry"),
    ("Essay", "online_upload"),
    ("Laboratory report", "online_upload"),
    ("Group project", "online_upload,online_url"),
    ("Presentation", "media_recording"),
    ("Reflection journal", "discussion_topic"),
    ("Case analysis", "online_text_entry"),
    ("Portfolio", "online_url"),
)
QUIZ = "Mid-term quiz"
