"""Make sure that there is a browser for the tests: Debian's Chromium, or the one that Playwright knows."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome")


def main() -> int:
    if any(shutil.which(name) for name in NAMES):
        return 0
    if shutil.which("apt-get") and os.geteuid() == 0:
        print("Installing Chromium for the browser tests …", flush=True)
        quiet = {"DEBIAN_FRONTEND": "noninteractive", **os.environ}
        subprocess.run(["apt-get", "update", "-qq"], env=quiet, check=False)
        command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-dejavu-core"]
        if subprocess.run(command, env=quiet, stdout=subprocess.DEVNULL, check=False).returncode == 0:
            return 0
    else:
        # Not a Debian machine, or no right to install: Playwright's own browser needs no rights.
        done = subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
        if done.returncode == 0:
            return 0
    print("No browser could be installed: the browser tests will be skipped, or fail where CI is set.", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
