"""A bar on a terminal; nothing where the output goes to a file."""

import time


class Progress:
    """Call it with the number of things done since the last call."""

    WIDTH = 40

    def __init__(self, out, total):
        self.out = out
        self.total = max(total, 1)
        self.done = 0
        self.started_at = self.shown_at = time.monotonic()
        self.is_shown = hasattr(out, "isatty") and out.isatty()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        if self.is_shown:
            self.out.write("\r" + " " * (self.WIDTH + 40) + "\r", ending="")

    def __call__(self, count=1):
        self.done += count
        now = time.monotonic()
        if self.is_shown and now - self.shown_at > 0.2:
            self.shown_at = now
            part = min(self.done / self.total, 1)
            bar = "█" * int(part * self.WIDTH)
            left = (now - self.started_at) * (1 - part) / part if part else 0
            self.out.write(
                f"\r{bar:░<{self.WIDTH}} {part:4.0%}  {self.done:,} of {self.total:,}, "
                f"{left:.0f} s left ",
                ending="",
            )
            self.out.flush()
