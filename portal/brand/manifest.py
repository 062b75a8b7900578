"""What a browser and the proxy get of the brand."""

from branding.proxy_pages import renew_nightly
from portal.manifests import Manifest

MANIFEST = Manifest(app="brand", nightly_jobs=(renew_nightly,))
