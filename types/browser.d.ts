// What browsers offer and TypeScript's own declarations do not know yet.

interface Navigator {
  /** Chromium only: https://wicg.github.io/ua-client-hints */
  readonly userAgentData?: { readonly brands: readonly { readonly brand: string; readonly version: string }[] };
  /** Chromium only: https://wicg.github.io/netinfo */
  readonly connection?: EventTarget;
}

interface AudioContext {
  /** Not in Safari: https://www.w3.org/TR/webaudio/#dom-audiocontext-setsinkid */
  setSinkId?(sink: string): Promise<void>;
}

interface RTCRtpReceiver {
  /** https://w3c.github.io/webrtc-extensions/#dom-rtcrtpreceiver-jitterbuffertarget */
  jitterBufferTarget: number | null;
}

interface HTMLElementTagNameMap {
  "live-room": HTMLElement;
}
