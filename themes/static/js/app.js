// The behaviour of every page: each custom element registers itself. Pages work without any of them.
import "./components/auto-submit.js";
import "./components/copy-button.js";
import "./components/current-in-view.js";
import "./components/device-time-zone.js";
import "./components/file-drop.js";
import "./components/file-upload.js";
import "./components/install-app.js";
import "./components/local-time.js";
import "./components/modal-dialog.js";
import "./components/notification-socket.js";
import "./components/popup-menu.js";
import "./components/selection-total.js";
import "./components/theme-switch.js";
import "./components/toast-message.js";
import "./components/toast-region.js";
import "./components/unsaved-guard.js";
import "./offline/registration.js";
