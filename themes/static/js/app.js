// The behaviour of every page: each custom element registers itself. Pages work without any of them.
import "./components/auto-submit.js";
import "./components/chosen-sum.js";
import "./components/copy-button.js";
import "./components/file-drop.js";
import "./components/invokers.js";
import "./components/local-time.js";
import "./components/person-news.js";
import "./components/popup-menu.js";
import "./components/tabs-in-view.js";
import "./components/theme-switch.js";
import "./components/toast-message.js";
import "./components/unsaved-guard.js";
import "./device-zone.js";
