"""What an organization has made of its help centre, and what its readers have said. The product's own articles are no rows."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from core.kernel import search_keys
from core.kernel.ids import new_id


class Category(models.Model):
    """A category that the organization has added or changed. `names`: by language, `{"name": …, "about": …}`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.SlugField(max_length=60, unique=True)
    names = models.JSONField(default=dict, blank=True)
    icon = models.CharField(max_length=40, blank=True)
    for_staff = models.BooleanField(default=False)
    position = models.PositiveIntegerField(null=True, blank=True)
    is_hidden = models.BooleanField(default=False)

    class Meta:
        verbose_name_plural = "categories"

    def __str__(self) -> str:
        return self.code


class Article(models.Model):
    """An article that the organization has added, moved or hidden. What it says is in its versions."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.SlugField(max_length=60, unique=True)
    category = models.CharField(max_length=60, blank=True)
    position = models.PositiveIntegerField(null=True, blank=True)
    is_hidden = models.BooleanField(default=False)
    is_own = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.slug


class ArticleVersion(models.Model):
    """What somebody wrote for one article in one language. Rows are only added; the newest published one is in force, a newer one a draft.

    `is_standard`: from this version on the product's text holds again. `starter_digest`: the product's text that the writer had before them.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.SlugField(max_length=60)
    language = models.CharField(max_length=10)
    number = models.PositiveIntegerField()
    is_published = models.BooleanField(default=False)
    is_standard = models.BooleanField(default=False)
    title = models.CharField(max_length=250, blank=True)
    summary = models.CharField(max_length=500, blank=True)
    keywords = models.CharField(max_length=500, blank=True)
    body = models.TextField(blank=True)
    starter_digest = models.CharField(max_length=16, blank=True)
    author_id = models.CharField(max_length=40, blank=True)
    author_name = models.CharField(max_length=150, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["slug", "language", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["slug", "language", "number"], name="article_version_number")
        ]

    def __str__(self) -> str:
        return f"{self.slug} ({self.language}) {self.number}"


class SearchEntry(models.Model):
    """An article as it is found, made of what it says now. `made_of` tells whether that still holds."""

    slug = models.SlugField(max_length=60)
    language = models.CharField(max_length=10)
    made_of = models.CharField(max_length=64)
    for_staff = models.BooleanField()
    title = models.TextField()
    summary = models.TextField()
    keywords = models.TextField()
    text = models.TextField()
    search_key = search_keys.search_key("title", "summary", "keywords", "text")

    class Meta:
        verbose_name_plural = "search entries"
        constraints: ClassVar = [models.UniqueConstraint(fields=["slug", "language"], name="search_entry_of_article")]

    def __str__(self) -> str:
        return f"{self.slug} ({self.language})"


class Feedback(models.Model):
    """One answer to “Was this helpful?”. Nobody is named."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.CharField(
        max_length=64, unique=True
    )  # a digest of the form's; the same form sent again changes its answer
    slug = models.SlugField(max_length=60)
    language = models.CharField(max_length=10)
    is_helpful = models.BooleanField()
    reasons = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    comment = models.TextField(blank=True)
    by_staff = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "feedback"
        indexes: ClassVar = [
            models.Index(fields=["slug", "language"], name="feedback_of_article"),
            models.Index(fields=["-at"], name="feedback_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.slug} ({self.language}): {self.is_helpful}"


class SearchMiss(models.Model):
    """Words that somebody looked for and nothing was found by."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    words = models.CharField(max_length=100)
    language = models.CharField(max_length=10)
    count = models.PositiveIntegerField(default=1)
    last_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "search misses"
        ordering: ClassVar = ["-last_at"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["words", "language"], name="search_miss_words")]

    def __str__(self) -> str:
        return self.words
