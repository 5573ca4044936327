#!/usr/bin/env python3
"""Makes the Debian package, installs it into a bare root, and runs the service there as the user that the package made.

    install_test.py BUILD_FOLDER

The root holds nothing but the package and the libraries that the program is linked with, so whatever the program needs beside them is missing
here as it would be on the machine of a bureau. Exit code 77: this machine cannot do it (no root, or no dpkg-dev).
"""
import os
import pathlib
import re
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import urllib.request

SKIPPED = 77


def run(*command, **options):
    done = subprocess.run(command, capture_output=True, text=True, **options)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}\nexit code {done.returncode}")
    return done.stdout


def check(holds, what):
    if not holds:
        sys.exit(f"FAILED: {what}")


def copy_libraries(program, root):
    """What the program is linked with, and the data of PROJ and GDAL, on which the package depends."""
    for line in run("ldd", program).splitlines():
        found = re.search(r"(/\S+)", line)
        if found:
            target = root / found[1][1:]
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(found[1], target)
    for folder in ("usr/share/proj", "usr/share/gdal"):
        shutil.copytree("/" + folder, root / folder)


def serve(root, owner):
    """Starts the service in the root, asks it, stops it."""
    program = ["chroot", f"--userspec={owner}", str(root), "/usr/bin/yihong"]
    said = run(*program, "check", "--config", "/etc/yihong/yihong.toml")
    check("没有问题" in said, f"check says: {said}")
    service = subprocess.Popen([*program, "serve", "--listen", "127.0.0.1:0", "--hj212", "127.0.0.1:0"], stdout=subprocess.PIPE, text=True)
    try:
        address = re.search(r"http=(\S+)", service.stdout.readline())
        check(address, "the service does not say where it listens")
        for path in ("/readyz", "/collections/water-sections/items?f=json", "/collections/counties/items?f=json&limit=1"):
            with urllib.request.urlopen(address[1].rstrip("/") + path, timeout=20) as reply:
                check(reply.status == 200, f"{path} answers {reply.status}")
    finally:
        service.send_signal(signal.SIGTERM)
    check(service.wait(30) == 0, "the service does not stop well")


def main(build):
    if os.geteuid() != 0 or not shutil.which("dpkg-shlibdeps") or not shutil.which("help2man"):
        print("needs root, dpkg-dev and help2man")
        return SKIPPED
    with tempfile.TemporaryDirectory(prefix="yihong-package-") as folder:
        folder = pathlib.Path(folder)
        run("cpack", "--config", f"{build}/CPackConfig.cmake", "-B", folder, cwd=build)
        [package] = folder.glob("*.deb")
        depends = run("dpkg-deb", "--field", package, "Depends")
        for library in ("libgdal", "librocksdb", "libproj", "proj-data"):
            check(library in depends, f"{library} is not among its dependencies: {depends}")

        root = folder / "root"
        for path in ("var/lib/dpkg/info", "var/lib/dpkg/updates", "etc", "tmp"):
            (root / path).mkdir(parents=True, exist_ok=True)
        (root / "var/lib/dpkg/status").touch()
        (root / "var/lib/dpkg/available").touch()
        dpkg = ["dpkg", f"--root={root}", "--force-depends", "--force-script-chrootless", "--log=/dev/null"]
        run(*dpkg, "--install", package)
        user = next(line.split(":") for line in (root / "etc/passwd").read_text().splitlines() if line.startswith("yihong:"))
        owner = f"{user[2]}:{user[3]}"

        data = os.stat(root / "var/lib/yihong")
        check(stat.S_IMODE(data.st_mode) == 0o700 and f"{data.st_uid}:{data.st_gid}" == owner, "the data folder is the service's own")
        config = os.stat(root / "etc/yihong/yihong.toml")
        check(stat.S_IMODE(config.st_mode) == 0o640 and f"{config.st_uid}:{config.st_gid}" == f"0:{user[3]}", "who may read the configuration")
        unit = (root / "usr/lib/systemd/system/yihong.service").read_text()
        check("@" not in re.sub(r"@(system-service|privileged|resources)", "", unit), "a place holder is left in the unit")
        for page in ("yihong", "yihong-serve", "yihong-backup"):
            check((root / f"usr/share/man/man1/{page}.1.gz").exists(), f"the man page {page}")
        if shutil.which("systemd-analyze"):
            found = subprocess.run(["systemd-analyze", "verify", "--man=no", root / "usr/lib/systemd/system/yihong.service"],
                                   capture_output=True, text=True)
            wrong = [line for line in found.stderr.splitlines() if "yihong.service" in line and "is not executable" not in line]
            check(not wrong, "\n".join(wrong))

        copy_libraries(root / "usr/bin/yihong", root)
        serve(root, owner)
        left = [path for path in (root / "var/lib/yihong").rglob("*") if path.stat().st_mode & 0o077]
        check(not left, f"others may read {left}")

        (root / "etc/yihong/alerts.toml").write_text("# changed here\n", encoding="utf-8")
        run(*dpkg, "--force-confold", "--install", package)
        check((root / "etc/yihong/alerts.toml").read_text() == "# changed here\n", "an upgrade keeps what somebody has changed")
        run(*dpkg, "--purge", "yihong")
        check(not (root / "etc/yihong").exists() and not (root / "usr/bin/yihong").exists(), "nothing of the program is left")
        check(any((root / "var/lib/yihong").iterdir()), "the data stay")
    return 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1]).resolve()))
