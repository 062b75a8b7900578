"""A series in words for the reader of a page."""

from django.utils.translation import get_language

from core.scheduling.models import AppointmentSeries
from core.scheduling.series_words import in_words, with_end


def words_of(series: AppointmentSeries) -> str:
    """Every week on Tuesday, 16:00, until 5 March 2027."""
    language = get_language() or "en"
    rhythm = in_words(series.pattern, series.wall_time, language=language)
    return with_end(rhythm, series.until_on, language=language)
