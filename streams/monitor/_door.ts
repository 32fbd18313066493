/** Who may look at a page. */
interface DoorOptions {
  readonly hostname: string;
  readonly token?: string | undefined;
  readonly hosts?: readonly string[] | undefined;
}

const LOOPBACK = new Set(["127.0.0.1", "localhost", "::1"]);
const MIN_TOKEN = 16;

/**
 * Answers those who may not look; undefined for those who may. A page of another site that this
 * browser shows has another Origin, or, where it made its name point here, another Host.
 */
export function doorOf(options: DoorOptions): (request: Request) => Response | undefined {
  const { hostname, token, hosts = [] } = options;
  if (!LOOPBACK.has(hostname) && token === undefined) {
    throw new RangeError(
      `${hostname} can be reached from other machines: give a token, or serve on 127.0.0.1`,
    );
  }
  if (
    token !== undefined && !(token.length >= MIN_TOKEN && /^[\x21-\x3a\x3c-\x7e]+$/.test(token))
  ) {
    throw new RangeError(
      `A token has ${MIN_TOKEN} characters or more, without blanks and semicolons: as made by ` +
        `openssl rand -hex 16`,
    );
  }
  const isAnyAddress = hostname === "0.0.0.0" || hostname === "::";
  const known = new Set([...LOOPBACK, hostname, ...hosts].map((name) => name.toLowerCase()));
  const isKnown = (name: string) =>
    known.has(name) || (isAnyAddress && (/^\d+(\.\d+){3}$/.test(name) || name.includes(":")));
  return (request) => {
    const refuse = (status: number, why: string) =>
      new Response(why + "\n", {
        status,
        headers: {
          "content-type": "text/plain; charset=utf-8",
          ...(status === 401 ? { "www-authenticate": "Bearer" } : {}),
          ...(status === 405 ? { allow: "GET, HEAD" } : {}),
        },
      });
    const host = request.headers.get("host") ?? "", url = new URL(request.url);
    const origin = request.headers.get("origin");
    if (!isKnown(nameOf(host))) return refuse(403, "this name is not served here");
    const bearer = /^Bearer (.+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
    const hasBearer = token !== undefined && bearer !== undefined && isSame(bearer, token);
    const isOwn = origin === null || origin === `http://${host}` || origin === `https://${host}`;
    if (!isOwn && !hasBearer) return refuse(403, "another site may not look");
    if (request.method !== "GET" && request.method !== "HEAD") return refuse(405, "look only");
    if (token === undefined || hasBearer) return undefined;
    const name = `gammarx_${url.port || "80"}`;
    const given = url.searchParams.get("token");
    if (given !== null && isSame(given, token)) {
      const cookie = `${name}=${token}; Path=/; HttpOnly; SameSite=Strict`;
      return new Response(null, {
        status: 303,
        headers: { location: url.pathname, "set-cookie": cookie },
      });
    }
    const cookies = (request.headers.get("cookie") ?? "").split(/; */);
    const shown = cookies.find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1);
    if (shown !== undefined && isSame(shown, token)) return undefined;
    return refuse(401, "show the token: /?token=…, or Authorization: Bearer …");
  };
}

/** The name in a Host header, without its port. */
function nameOf(host: string): string {
  const match = /^(?:\[([^\]]+)\]|([^:]*))(?::\d+)?$/.exec(host);
  return (match?.[1] ?? match?.[2] ?? "").toLowerCase();
}

/** Compares in a time that does not tell where texts differ. */
function isSame(a: string, b: string): boolean {
  let differ = a.length ^ b.length;
  for (let i = 0; i < b.length; i++) differ |= (a.charCodeAt(i) || 0) ^ b.charCodeAt(i);
  return differ === 0;
}
