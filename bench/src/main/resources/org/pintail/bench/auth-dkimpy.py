# auth-dkimpy.py DIRECTORY PASSES: verifies the DKIM signature of every message of DIRECTORY, PASSES times over.
import glob, sys, time
import dkim

directory, passes = sys.argv[1:3]
zone = dict(line.rstrip("\n").split(" ", 1) for line in open(directory + "/zone.txt"))
answer = lambda name, timeout=5: zone.get((name.decode() if isinstance(name, bytes) else name).rstrip("."), "").encode()
messages = [open(name, "rb").read() for name in sorted(glob.glob(directory + "/*.eml"))]
for number in range(int(passes)):
    begin = time.process_time()
    for message in messages:
        assert dkim.verify(message, dnsfunc=answer)
    print("pass", number, "process", round((time.process_time() - begin) * 1000, 1), flush=True)
