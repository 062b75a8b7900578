"""The forms about channels: a row for each thing that people are told about, a box for each channel."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext

from core.notifications.channels import channels_to_choose
from core.notifications.messages import Channel, Topic

Chosen = Mapping[Topic, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Cell:
    """One box. `is_fixed`: always on; `is_there`: whether messages of this kind have the channel."""

    channel: Channel
    label: str
    name: str
    is_on: bool
    is_there: bool
    is_fixed: bool = False


class ChannelsField(forms.MultipleChoiceField):
    """Some of the channels of one topic; none ticked means that it stands behind the bell alone."""

    def __init__(self, topic: Topic, offered: Sequence[Channel]) -> None:
        choices = [(channel.value, channel.label) for channel in channels_to_choose(topic) if channel in offered]
        super().__init__(choices=choices, required=False, label=topic.label, widget=forms.CheckboxSelectMultiple())


class ChannelsForm(forms.Form):
    """One row per topic. `offered`: the channels that there are."""

    def __init__(self, *args: Any, topics: Sequence[Topic], offered: Sequence[Channel], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.topics, self.offered = list(topics), [channel for channel in Channel if channel in offered]
        for topic in topics:
            self.fields[topic.value] = ChannelsField(topic, self.offered)

    @property
    def columns(self) -> list[str]:
        """What stands above the boxes."""
        return [channel.label for channel in self.offered]

    @property
    def rows(self) -> list[tuple[str, str, list[Cell]]]:
        """Label, why something is fixed, and the boxes."""
        return [(topic.label, self._why(topic), self._cells(topic)) for topic in self.topics]

    def _cells(self, topic: Topic) -> list[Cell]:
        field = self[topic.value]
        there = {str(value) for value, _label in field.field.choices}  # type: ignore[attr-defined]
        ticked = {str(value) for value in field.value() or ()}
        return [
            Cell(
                channel=channel,
                label=gettext("%(topic)s: %(channel)s") % {"topic": topic.label, "channel": channel.label},
                name=field.html_name,
                is_on=channel.value in ticked,
                is_there=channel.value in there,
                is_fixed=channel == Channel.EMAIL and topic.always_mailed,
            )
            for channel in self.offered
        ]

    def _why(self, topic: Topic) -> str:
        return gettext("Always also by mail.") if topic.always_mailed else ""

    @staticmethod
    def shown(chosen: Chosen, offered: Collection[Channel]) -> dict[str, list[str]]:
        """What is ticked at first: of what was chosen, the channels that are offered."""
        return {topic.value: sorted(channels & set(offered)) for topic, channels in chosen.items()}

    def chosen(self, before: Chosen) -> dict[Topic, frozenset[str]]:
        """What is ticked; of channels that are not offered, what was chosen before. For a valid form."""
        return {
            topic: frozenset(self.cleaned_data[topic.value])
            | {channel for channel in before[topic] if channel not in self.offered}
            for topic in self.topics
        }
