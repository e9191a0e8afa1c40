// auth-mailauth.mjs DIRECTORY PASSES: judges every message of DIRECTORY, PASSES times over.
import { readFileSync, readdirSync } from 'node:fs';
import { authenticate } from 'mailauth';

const [directory, passes] = process.argv.slice(2);
const zone = new Map(readFileSync(`${directory}/zone.txt`, 'utf8').trim().split('\n').map(l => [l.slice(0, l.indexOf(' ')), l.slice(l.indexOf(' ') + 1)]));
const resolver = async (name, type) => {
    if (type === 'TXT' && zone.has(name)) return [[zone.get(name)]];
    throw Object.assign(new Error('not found'), { code: 'ENOTFOUND' });
};
const messages = readdirSync(directory).filter(n => n.endsWith('.eml')).map(n => readFileSync(`${directory}/${n}`));
for (let pass = 0; pass < Number(passes); pass++) {
    const begin = process.cpuUsage();
    for (const message of messages) {
        const { headers } = await authenticate(message, {
            ip: '192.0.2.7', helo: 'mail.example.com', sender: 'ada@example.com', mta: 'mx.bench.test', resolver, disableBimi: true, trustReceived: false
        });
        for (const wanted of ['spf=pass', 'dkim=pass', 'arc=pass', 'dmarc=pass']) {
            if (!headers.includes(wanted)) throw new Error(headers);
        }
    }
    const used = process.cpuUsage(begin);
    console.log(`pass ${pass} process ${((used.user + used.system) / 1000).toFixed(1)}`);
}
