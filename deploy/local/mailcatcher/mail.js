/* Shows new mail as it arrives: asks with patience, and reloads the list unless somebody is typing. */
const { newest } = document.querySelector(".messages").dataset;
const asked = new URLSearchParams(window.location.search);
const query = new URLSearchParams({
  to: asked.get("to") ?? "",
  subject: asked.get("subject") ?? "",
  after: newest || "0",
  wait: "25",
});

async function watch() {
  for (;;) {
    try {
      const { messages } = await (await fetch(`/api/messages?${query}`)).json();
      if (messages.length && !document.activeElement?.matches("input")) window.location.reload();
      if (messages.length)
        await new Promise((resolve) => {
          setTimeout(resolve, 2000);
        });
    } catch {
      await new Promise((resolve) => {
        setTimeout(resolve, 5000);
      });
    }
  }
}

watch();
