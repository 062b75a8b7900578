// The messages of docs/live-protocol.md as a page sends and receives them, and those of the room's socket (docs/live-rooms.md).

declare module "live-protocol" {
  export type Source = "audio" | "camera" | "screen" | "screen-audio";
  export type Right = "audio" | "video" | "screen" | "subscribe" | "data" | "record";

  export interface Producer {
    id: string;
    peer: string;
    source: Source;
    muted: boolean;
  }

  export interface Slot {
    mid: string;
    producer: string | null;
  }

  /** One direction of a call; null where unknown. */
  export interface Quality {
    loss: number | null;
    rtt_ms: number | null;
    jitter_ms: number | null;
    kbps: number;
    score: number | null;
    hold_ms?: number;
  }

  /** Where a call takes place (section 8). */
  export interface Engine {
    type: "engine";
    engine: string;
    peer: string;
    generation: number;
    ice_servers?: RTCIceServer[];
    ice_transport_policy?: RTCIceTransportPolicy;
  }

  export interface Joined {
    type: "joined";
    peer: string;
    rights: Right[];
    resumed: boolean;
    peers: string[];
    producers: Producer[];
    recording: boolean;
  }

  export interface PublishAnswer {
    type: "publish.answer";
    sdp: string;
    producers: { mid: string; id: string }[];
  }

  export interface Refusal {
    type: "error";
    code: string;
    message: string;
    for?: string;
  }

  /** Section 5: what the media server says. */
  export type ServerMessage =
    | Joined
    | PublishAnswer
    | Refusal
    | { type: "subscribe.offer"; sdp: string; version: number }
    | { type: "subscribe.slots"; slots: Slot[] }
    | { type: "peer.joined"; peer: string }
    | { type: "peer.left"; peer: string; reason: string }
    | { type: "producer.added" | "producer.changed"; producer: Producer }
    | { type: "producer.removed"; producer: string; peer: string }
    | { type: "layer"; producer: string; rid: string | null; reason: string }
    | { type: "demand"; producer: string; rids: string[] }
    | { type: "speakers"; peers: Speaker[] }
    | { type: "quality"; up: Quality; down: Quality }
    | { type: "rights"; rights: Right[] }
    | { type: "recording"; on: boolean }
    | { type: "rejoin" | "drain" | "pong" };

  /** An answer names in `of` the `o=` line of its offer. */
  export interface Description {
    type: RTCSdpType;
    sdp: string;
    of?: string;
  }

  /** Section 7: what the other browser says. */
  export type PeerMessage =
    | { type: "p2p.peer"; peer: string; polite: boolean }
    | { type: "p2p.description"; description: Description }
    | { type: "p2p.candidate"; candidate: RTCIceCandidateInit | null }
    | { type: "p2p.tracks"; tracks: { mid: string; source: Source; muted: boolean }[] }
    | { type: "p2p.bye" };

  export type MediaMessage = ServerMessage | PeerMessage | Engine | { type: "kicked"; reason: string };

  export interface Speaker {
    peer: string;
    level: number;
  }

  /** A picture on the screen; `height` in device pixels, 0 hides. */
  export interface ShownTile {
    peer: string;
    source: Source;
    height: number;
  }

  /** Somebody's voice, camera or screen, as the call hands it to the page. */
  export interface Media {
    peer: string;
    source: Source;
    stream: MediaStream | null;
    present: boolean;
    muted: boolean;
  }

  export interface Person {
    peer: string;
    name: string;
    host: boolean;
    guest?: boolean;
    /** Since when the hand is raised, or empty. */
    hand?: string;
    /** Large for everybody. */
    spotlight?: boolean;
    /** Of a guest by link, to hosts: the name without what is said beside it. */
    called?: string;
  }

  export interface Waiting {
    admission: string;
    name: string;
    guest?: boolean;
  }

  export interface ChatMessage {
    id: string;
    name: string;
    text: string;
    at: string;
    mine: boolean;
    in_waiting_room?: boolean;
    /** Read by me and that person alone. */
    private_with?: { peer: string; name: string };
  }

  /** How somebody looks at a tab of the work area: what its module says. */
  export type View = Record<string, unknown>;

  /** What everybody watches in step; `at` and `now` are seconds of the server's clock. */
  export interface SharedVideo {
    type: "video";
    video: string;
    playing?: boolean;
    position?: number;
    at?: number;
    now?: number;
  }

  /** What everybody looks at: a resource, or a file of the client's; `showing` is empty when nothing is open. */
  export interface Showing {
    type: "showing";
    showing: string;
    kind?: string;
    title?: string;
    pages?: number | null;
    /** Whether there is a picture of it, or of its first page. */
    picture?: boolean;
    /** Of a link. */
    address?: string;
    /** Of cards and dice, as core/resources/table_facts.py writes it. */
    table?: Record<string, any>;
    playing?: boolean;
    position?: number;
    at?: number;
    now?: number;
  }

  export type Answer = "agreed" | "refused" | "withdrawn" | "";

  /** How recording stands; empty while nothing is recorded or asked for. */
  export interface RecordingState {
    type: "recording_state";
    state: "" | "asking" | "recording";
    recording?: string;
    version?: string;
    words?: string[];
    by?: string;
    mine?: Answer;
    answers?: Record<string, Answer>;
    told?: string;
  }

  /** What the room's socket says apart from media. */
  export type RoomMessage =
    | {
        type: "welcome";
        peer: string;
        state: string;
        ends_at: string;
        messages: ChatMessage[];
        work_area_hidden?: boolean;
      }
    | { type: "work_area"; hidden: boolean }
    | SharedVideo
    | Showing
    | { type: "client_files" }
    | { type: "mute_guests" }
    | { type: "lead"; peer: string; tab: string | null; view: View | null }
    | { type: "time"; ends_at: string }
    | { type: "delay"; until: string }
    | {
        type: "waiting";
        position: number;
        host_present: boolean;
        host_elsewhere?: boolean;
        full: boolean;
        locked?: boolean;
      }
    | { type: "admitted"; messages: ChatMessage[] }
    | { type: "denied"; was_in: boolean }
    | { type: "moved" }
    | { type: "ended"; message?: string }
    | { type: "people"; people: Person[]; queue?: Waiting[]; locked?: boolean }
    | { type: "reaction"; peer: string; reaction: string }
    | { type: "renamed" }
    | { type: "chat"; message: ChatMessage }
    | RecordingState
    | Refusal;
}
