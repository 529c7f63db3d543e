"""Warnings and errors that Canvas gave, and the patterns behind them, each stored once."""

from django.db import models

from imports.models.runs import ImportRun


class MessagePattern(models.Model):
    """A message with names, ids and numbers taken out."""

    text = models.CharField(max_length=255, unique=True)

    def __str__(self) -> str:
        return self.text


class Message(models.Model):
    class Severity(models.TextChoices):
        ERROR = "error", "error"
        WARNING = "warning", "warning"

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="messages")
    severity = models.CharField(max_length=8, choices=Severity)
    file = models.CharField(max_length=1024, blank=True, help_text="empty: about the whole import")
    row = models.PositiveBigIntegerField(null=True, help_text="as Canvas counts: the header is row 1")
    pattern = models.ForeignKey(MessagePattern, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    row_content = models.TextField(blank=True, help_text="the line, where Canvas gives it")

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["run", "id"], name="message_run")]

    def __str__(self) -> str:
        return f"{self.severity} {self.pk} of run {self.run_id}"
