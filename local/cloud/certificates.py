"""The local cloud's certificate: an authority made for this one run, and a server's certificate by it."""

import ssl
from dataclasses import dataclass
from pathlib import Path

import certifi
import trustme


@dataclass(frozen=True)
class Certificates:
    """PEM files: the server's certificate and key, the authority, and a bundle of it and the system's roots."""

    certificate: Path
    key: Path
    authority: Path
    bundle: Path

    def context(self) -> ssl.SSLContext:
        """A client's context that trusts the local cloud and nothing else."""
        return ssl.create_default_context(cafile=self.authority)


def make_certificates(folder: Path) -> Certificates:
    """Make them in ``folder``, readable by this user only."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    files = Certificates(*(folder / f"{name}.pem" for name in ("certificate", "key", "authority", "bundle")))
    authority = trustme.CA(organization_name="Veil", organization_unit_name="local cloud")
    server = authority.issue_cert("127.0.0.1", "localhost", common_name="127.0.0.1")
    server.private_key_pem.write_to_path(files.key)
    server.cert_chain_pems[0].write_to_path(files.certificate)
    authority.cert_pem.write_to_path(files.authority)
    roots = Path(ssl.get_default_verify_paths().cafile or certifi.where())
    files.bundle.write_bytes(roots.read_bytes() + b"\n" + files.authority.read_bytes())
    return files
