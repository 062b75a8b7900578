"""By which channels one hears of things, and on which devices by push."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.forms import BaseForm
from django.urls import reverse
from django.utils.translation import gettext_lazy

from core.kernel import clock
from core.kernel.errors import NotFound
from core.notifications import push, push_keys
from core.notifications.channels import channels_to_choose, living, there_are, usual_of
from core.notifications.messages import Channel, Topic
from core.notifications.models import ChannelPreference, NotificationSettings, PushSubscription
from core.people import actions
from portal.account.devices import DEVICE, device_here
from portal.account.texts import number_card
from portal.account.user_agents import program_of
from portal.channel_forms import ChannelsForm
from portal.forms import ActionView, FormView


class OwnChannelsView(FormView):
    """One's own: what one hears of by which channel, and on which devices."""

    template_name = "account/channels.html"
    edits = True
    success_message = gettext_lazy("Saved.")

    def load(self) -> None:
        self.settings = NotificationSettings.current()
        self.topics = [topic for topic in Topic if self.user.staff is not None or not topic.is_for_staff]

    def get_edited(self) -> list[Any]:
        return list(ChannelPreference.objects.filter(user_id=self.user.pk).order_by("topic"))

    def _in_force(self) -> dict[Topic, frozenset[str]]:
        own = {row.topic: frozenset(row.channels) for row in self.get_edited()}
        return {topic: own.get(topic.value, usual_of(self.settings, topic)) for topic in self.topics}

    def get_form(self, *posted: Any) -> ChannelsForm:
        offered = [channel for channel in Channel if channel in there_are(self.settings)]
        initial = ChannelsForm.shown(self._in_force(), offered)
        return ChannelsForm(*posted, topics=self.topics, offered=offered, initial=initial)

    def get_context_data(self, form: BaseForm) -> dict[str, Any]:
        has_push = push.is_offered()
        here = self.request.session.get(DEVICE)
        devices = list(living(self.user.pk)) if has_push else []
        return {
            **super().get_context_data(form),
            "has_push": has_push,
            "push_key": push_keys.public_key() if has_push else "",
            "devices": [(device, device.device_id == here) for device in devices],
            "has_texts": self.settings.has_texts,
            "text_number": self._number_card(),
            "is_on_here": any(device.device_id == here for device in devices),
        }

    def _number_card(self) -> dict[str, Any]:
        """`is_idle`: a number that nothing goes to, because text messages are off for every topic, as in choices from before there were any."""
        if not self.settings.has_texts:
            return {}
        card = number_card(self.user.pk, sender=self.settings.text_sender)
        is_wanted = any(Channel.SMS in channels for channels in self._in_force().values())
        return {**card, "is_idle": bool(card.get("number")) and not is_wanted} if card else card

    def perform(self, form: ChannelsForm) -> None:
        before = self._in_force()
        chosen = {topic: wanted & frozenset(channels_to_choose(topic)) for topic, wanted in form.chosen(before).items()}
        actions.choose_channels(chosen=chosen, by=self.user, now=clock.now())

    def get_success_url(self) -> str:
        return reverse("own_channels")


class PushDevicesView(ActionView):
    """Switch push on for the device that one is using, by what its browser has made for it."""

    success_message = gettext_lazy("Push is on for this device.")

    def perform(self) -> PushSubscription:
        sent = self.request.POST
        program = program_of(self.request.headers.get("User-Agent", ""))
        return actions.add_push_device(
            endpoint=sent.get("endpoint", ""),
            p256dh=sent.get("p256dh", "")[:100],
            auth=sent.get("auth", "")[:40],
            key=sent.get("key", ""),
            expires_at=_moment(sent.get("expires", "")),
            device=" · ".join(filter(None, (program.browser, program.system))),
            device_id=device_here(self.request),
            by=self.user,
            now=clock.now(),
        )

    def get_success_url(self) -> str:
        return reverse("own_channels")


class PushDeviceRemovalView(ActionView):
    """Switch it off for one device."""

    success_message = gettext_lazy("The device gets no push messages any more.")

    def load(self, pk: UUID) -> None:
        found = PushSubscription.objects.filter(user_id=self.user.pk, pk=pk).first()
        if found is None:
            raise NotFound(f"push subscription {pk}")
        self.subscription = found

    def perform(self) -> None:
        actions.remove_push_device(subscription=self.subscription, by=self.user, now=clock.now())

    def get_success_url(self) -> str:
        return reverse("own_channels")


def _moment(milliseconds: str) -> datetime | None:
    """When the browser says that its subscription ends; None where it does not, or says nonsense."""
    try:
        return datetime.fromtimestamp(int(milliseconds) / 1000, UTC) if milliseconds else None
    except (ValueError, OverflowError, OSError):
        return None
