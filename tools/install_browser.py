"""Make sure that the tests have a browser (Debian's Chromium, or Playwright's own) and pdftotext, which reads PDFs again."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome")


def main() -> int:
    has_browser = any(shutil.which(name) for name in NAMES)
    wanted = [] if has_browser else ["chromium", "fonts-dejavu-core"]
    wanted += [] if shutil.which("pdftotext") else ["poppler-utils"]
    if not wanted or install(wanted):
        return 0
    # Not a Debian machine, or no right to install: Playwright's own browser needs no rights.
    if (
        not has_browser
        and subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False).returncode
    ):
        print("No browser could be installed: its tests will be skipped, or fail where CI is set.", file=sys.stderr)
    return 0


def install(packages: list[str]) -> bool:
    if not shutil.which("apt-get") or os.geteuid() != 0:
        return False
    print(f"Installing {', '.join(packages)} for the tests …", flush=True)
    quiet = {"DEBIAN_FRONTEND": "noninteractive", **os.environ}
    subprocess.run(["apt-get", "update", "-qq"], env=quiet, check=False)
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    return subprocess.run(command, env=quiet, stdout=subprocess.DEVNULL, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
