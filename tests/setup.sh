#!/usr/bin/env bash
# Installs what the tests need and is not there yet: the PostgreSQL server, Chromium, fonts with
# Vietnamese, poppler and tesseract with Vietnamese, Node.js, and the npm packages of tests/browser. A second run does nothing.
set -euo pipefail
cd "$(dirname "$0")"

packages=()
need() { packages+=("$@"); }

[ -n "$(find /usr/lib/postgresql -path '*/bin/initdb' 2>/dev/null | head -n 1)" ] ||
    command -v initdb >/dev/null || need postgresql
[ -n "${CHROMIUM:-}" ] || command -v chromium >/dev/null || command -v chromium-browser >/dev/null ||
    command -v google-chrome >/dev/null || need chromium
# Fontconfig is asked for a letter that only fonts with Vietnamese have.
command -v fc-list >/dev/null && [ -n "$(fc-list ':charset=1eb7' family | grep -i noto || true)" ] ||
    need fontconfig fonts-noto-core
command -v pdftotext >/dev/null || need poppler-utils
command -v tesseract >/dev/null && tesseract --list-langs 2>/dev/null | grep -qx vie ||
    need tesseract-ocr tesseract-ocr-vie
command -v node >/dev/null || need nodejs
command -v npm >/dev/null || need npm
command -v curl >/dev/null || need curl

install() {
    local sudo=()
    if ! command -v apt-get >/dev/null; then
        return 1
    elif [ "$(id -u)" -ne 0 ]; then
        sudo -n true 2>/dev/null || return 1
        sudo=(sudo -n)
    fi
    echo "installing: $*"
    ${sudo[@]+"${sudo[@]}"} apt-get update -q
    ${sudo[@]+"${sudo[@]}"} env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -q --no-install-recommends "$@"
}

if [ ${#packages[@]} -gt 0 ] && ! install "${packages[@]}"; then
    {
        echo "The tests need these packages (Debian's names), which could not be installed from here:"
        echo "  sudo apt-get install --no-install-recommends ${packages[*]}"
        echo "Install them, then run this again. On another system: a PostgreSQL server (initdb), Chromium,"
        echo "Noto fonts, poppler-utils, tesseract with the language vie, Node.js 20 or newer with npm, curl."
    } >&2
    exit 1
fi

major=$(node --version | sed -E 's/^v([0-9]+).*/\1/')
if [ "$major" -lt 20 ]; then
    echo "The browser tests need Node.js 20 or newer; here is $(node --version)." >&2
    exit 1
fi

if [ -f browser/package-lock.json ]; then
    # The lock as it was installed last time tells whether there is anything to do.
    installed=browser/node_modules/.installed-lock.json
    if ! cmp -s browser/package-lock.json "$installed"; then
        npm --prefix browser ci --no-audit --no-fund
        cp browser/package-lock.json "$installed"
    fi
fi
echo "setup: everything the tests need is here"
