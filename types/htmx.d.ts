// As much of htmx as our scripts call. Its documentation: https://htmx.org/reference

interface Window {
  htmx: {
    ajax(method: "GET", address: string, options: { target: string; swap: "innerHTML" }): Promise<void>;
  };
}
