# Signs or verifies with dkimpy (Debian python3-dkim).
#   interop.py verify DIR          prints "NAME pass" or "NAME fail" for every message of DIR
#   interop.py sign DIR            adds a signature to every message of DIR, named NAME.ALGORITHM.HEADER.BODY, in place
# DIR has rsa.pem, ed25519.key (base64 of the 32 bytes) and rsa.txt, ed25519.txt (key records).
import os, sys
import dkim

mode, directory = sys.argv[1:3]
read = lambda name: open(os.path.join(directory, name), "rb").read()
records = {b"rsa._domainkey.example.com.": read("rsa.txt"), b"ed25519._domainkey.example.com.": read("ed25519.txt")}
keys = {"rsa": read("rsa.pem"), "ed25519": read("ed25519.key")}
answer = lambda name, timeout=5: records.get(name if isinstance(name, bytes) else name.encode(), b"")

for name in sorted(os.listdir(directory)):
    if not name.endswith(".eml"):
        continue
    message = read(name)
    if mode == "verify":
        try:
            good = dkim.verify(message, dnsfunc=answer)
        except Exception as e:
            good = False
            print("#", name, repr(e))
        print(name, "pass" if good else "fail")
    else:
        _, algorithm, header, body, _ = name.split(".")
        signature = dkim.sign(message, algorithm.encode(), b"example.com", keys[algorithm],
            canonicalize=(header.encode(), body.encode()), signature_algorithm=algorithm.encode() + b"-sha256", linesep=b"\r\n")
        with open(os.path.join(directory, name), "wb") as out:
            out.write(signature + message)
        print(name, "signed")
