"""Join-by-link: the personal address of somebody who works here, and the guests who come by it without an account (ADR 40)."""
