// Signs or verifies with mailauth (npm); usage as interop.py, run where `npm install mailauth` was.
import { readFileSync, writeFileSync, readdirSync } from 'node:fs';
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import { dkimSign } from 'mailauth/lib/dkim/sign.js';

const [mode, directory] = process.argv.slice(2);
const read = name => readFileSync(`${directory}/${name}`);
const records = { 'rsa._domainkey.example.com': read('rsa.txt').toString(), 'ed25519._domainkey.example.com': read('ed25519.txt').toString() };
const resolver = async name => {
    if (!records[name]) throw Object.assign(new Error('not found'), { code: 'ENOTFOUND' });
    return [[records[name]]];
};

for (const name of readdirSync(directory).filter(n => n.endsWith('.eml')).sort()) {
    const [, algorithm, header, body] = name.split('.');
    if (mode === 'verify') {
        const { results } = await dkimVerify(read(name), { resolver });
        const result = results[0]?.status?.result;
        if (result !== 'pass') console.log('#', name, JSON.stringify(results[0]?.status));
        console.log(name, result === 'pass' ? 'pass' : 'fail');
    } else {
        const message = read(name);
        const key = algorithm === 'rsa' ? read('rsa.pem').toString() : Buffer.from(read('ed25519.key').toString(), 'base64');
        const { signatures, errors } = await dkimSign(message, {
            canonicalization: `${header}/${body}`,
            signatureData: [{ signingDomain: 'example.com', selector: algorithm, privateKey: key, algorithm: `${algorithm}-sha256` }]
        });
        if (errors.length) throw errors[0].err ?? errors[0];
        writeFileSync(`${directory}/${name}`, Buffer.concat([Buffer.from(signatures), message]));
        console.log(name, 'signed');
    }
}
