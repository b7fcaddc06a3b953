#!/bin/sh
# Makes the test certificates anew: a root, an intermediate, and servers that are right, weak (1024 bits) or without their chain.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
key() { openssl genpkey -quiet -algorithm RSA -pkeyopt "rsa_keygen_bits:$2" -out "$work/$1.key" 2>/dev/null || openssl genrsa -out "$work/$1.key" "$2"; }
sign() { # name issuer extensions
    openssl req -new -key "$work/$1.key" -subj "/CN=canhbao test $1" -out "$work/$1.csr"
    printf '%b' "$3" > "$work/$1.ext"
    openssl x509 -req -sha256 -days 36500 -in "$work/$1.csr" -CA "$work/$2.crt" -CAkey "$work/$2.key" -CAcreateserial \
        -extfile "$work/$1.ext" -out "$work/$1.crt"
}
key root 2048
openssl req -x509 -sha256 -days 36500 -key "$work/root.key" -subj "/CN=canhbao test root" -out "$work/root.crt" \
    -addext "keyUsage=critical,keyCertSign,cRLSign"
key intermediate 2048
sign intermediate root "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n"
key server 2048
sign server intermediate "subjectAltName=DNS:bao.test\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n"
key weak 1024
sign weak root "subjectAltName=DNS:bao.test\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n"
cp "$work/root.crt" root.pem
cat "$work/root.crt" "$work/intermediate.crt" > root-and-intermediate.pem
cat "$work/server.key" "$work/server.crt" "$work/intermediate.crt" > server.pem
cat "$work/server.key" "$work/server.crt" > server-without-chain.pem
cat "$work/weak.key" "$work/weak.crt" > weak.pem
rm -r "$work"
