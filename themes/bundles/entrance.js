// The behaviour of the pages around signing in, in one file: that of every page, and passkeys.
import "../static/js/account/passkey-form.js";
import "../static/js/app.js";
