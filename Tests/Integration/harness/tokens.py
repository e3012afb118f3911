"""Forged access tokens: JSON web tokens put together by hand, ECDSA over P-256 included.

The arithmetic is slow and leaks its keys, which are made up; the server shares none of it.
"""
import base64, hashlib, hmac, json

# The curve P-256 (FIPS 186-5): y^2 = x^3 - 3x + B over the integers modulo P, with the generator G of order N.
P = 2**256 - 2**224 + 2**192 + 2**96 - 1
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
G = (0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296, 0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5)
# Of a public key in DER, up to its 64 bytes.
DER_HEAD = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004")


def encode(data):
    return base64.urlsafe_b64encode(data if isinstance(data, bytes) else json.dumps(data).encode()).rstrip(b"=").decode()


def decode(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def parts(token):
    """Header, claims and signature."""
    header, claims, signature = token.split(".")
    return json.loads(decode(header)), json.loads(decode(claims)), decode(signature)


def token(header, claims, sign):
    """`sign` makes a signature of the bytes to sign."""
    text = f"{encode(header)}.{encode(claims)}"
    return f"{text}.{encode(sign(text.encode()))}"


def hmac_signer(key):
    return lambda data: hmac.new(key, data, hashlib.sha256).digest()


def ecdsa_signer(private):
    def sign(data):
        k = int.from_bytes(hashlib.sha256(private.to_bytes(32, "big") + data).digest(), "big") % N
        r = multiply(k, G)[0] % N
        s = pow(k, -1, N) * (digest(data) + r * private) % N
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")
    return sign


def digest(data):
    return int.from_bytes(hashlib.sha256(data).digest(), "big")


def public_keys(signed):
    """The two public keys a genuine token may have been signed under: found from its signature, as any thief of a token can."""
    text, _, signature = signed.rpartition(".")
    r, s = (int.from_bytes(half, "big") for half in (decode(signature)[:32], decode(signature)[32:]))
    y = pow(r**3 - 3 * r + B, (P + 1) // 4, P)
    return [multiply(pow(r, -1, N), add(multiply(s, point), multiply(-digest(text.encode()) % N, G))) for point in ((r, y), (r, P - y))]


def verifies(public, signed):
    text, _, signature = signed.rpartition(".")
    r, s = (int.from_bytes(half, "big") for half in (decode(signature)[:32], decode(signature)[32:]))
    inverse = pow(s, -1, N)
    return add(multiply(digest(text.encode()) * inverse % N, G), multiply(r * inverse % N, public))[0] % N == r


def forms(public):
    """The texts and bytes in which programs keep a public key."""
    point = b"".join(number.to_bytes(32, "big") for number in public)
    der = DER_HEAD + point
    text = base64.encodebytes(der).decode().replace("\n", "")
    lines = "\n".join(text[start:start + 64] for start in range(0, len(text), 64))
    pem = f"-----BEGIN PUBLIC KEY-----\n{lines}\n-----END PUBLIC KEY-----"
    return [point, b"\4" + point, der, pem.encode(), pem.encode() + b"\n", json.dumps(jwk(public)).encode(), json.dumps(jwk(public), separators=(",", ":")).encode()]


def jwk(public):
    return {"kty": "EC", "crv": "P-256", "x": encode(public[0].to_bytes(32, "big")), "y": encode(public[1].to_bytes(32, "big"))}


def add(first, second):
    """Points are pairs; None is the one at infinity."""
    if first is None or second is None:
        return first or second
    (x1, y1), (x2, y2) = first, second
    if x1 == x2 and (y1 + y2) % P == 0:
        return None
    slope = (3 * x1 * x1 - 3) * pow(2 * y1, -1, P) if first == second else (y2 - y1) * pow(x2 - x1, -1, P)
    x = (slope * slope - x1 - x2) % P
    return x, (slope * (x1 - x) - y1) % P


def multiply(number, point):
    result = None
    while number:
        if number & 1:
            result = add(result, point)
        point, number = add(point, point), number >> 1
    return result
