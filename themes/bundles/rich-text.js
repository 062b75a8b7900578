// The editor of rich text; loaded only by forms that have such a field.
export { Editor } from "@tiptap/core";
export { default as StarterKit } from "@tiptap/starter-kit";
