"""`python -m listening.probe [host:port]`: exit 0 when /healthz says all is well; for the supervisor and containers."""

import os
import socket
import sys


def healthz(host: str, port: int) -> str:
    """The raw answer of /healthz, or "" when nobody answers; over a socket, for http.client would bring OpenSSL."""
    names = os.environ.get("EARSHOT_HOSTS", "").replace(",", " ").split()
    request = f"GET /healthz HTTP/1.1\r\nHost: {names[0] if names else '127.0.0.1'}\r\nConnection: close\r\n\r\n"
    try:
        with socket.create_connection((host, port), timeout=10) as link:
            link.sendall(request.encode())
            return b"".join(iter(lambda: link.recv(65_536), b"")).decode(errors="replace")
    except OSError:
        return ""


def well(answer: str) -> bool:
    return answer.startswith("HTTP/1.1 200")


def main(argv: list[str]) -> int:
    host, _, port = (argv[1:] or ["127.0.0.1:8000"])[0].rpartition(":")
    answer = healthz(host, int(port))
    print(answer.rpartition("\r\n")[2] or f"Nobody answers at {host}:{port}.")
    return 0 if well(answer) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv))
