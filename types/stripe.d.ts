// As much of the payment service's script as we use. Its documentation: https://docs.stripe.com/js

declare module "stripe" {
  /** `sentence` is ours, where the failure is. */
  export interface Failure {
    type?: string;
    code?: string;
    decline_code?: string;
    sentence?: string;
  }

  export interface Result {
    error?: Failure;
    setupIntent?: { id: string };
  }

  export interface PaymentElement {
    on(event: "ready" | "loaderror", heard: () => void): void;
    mount(place: HTMLElement): void;
  }

  export interface Elements {
    create(kind: "payment", options: object): PaymentElement;
    submit(): Promise<Result>;
    fetchUpdates(): Promise<Result>;
  }

  export interface Confirmation {
    elements: Elements;
    redirect: "if_required";
    confirmParams: { return_url: string };
  }

  export interface Stripe {
    elements(options: { clientSecret?: string; appearance: object; locale?: string }): Elements;
    confirmCardPayment(secret: string, options: { payment_method: string }): Promise<Result>;
    confirmPayment(options: Confirmation): Promise<Result>;
    confirmSetup(options: Confirmation): Promise<Result>;
  }

  export type Factory = (key: string, options: { stripeAccount?: string; locale?: string }) => Stripe;
}

interface Window {
  Stripe?: import("stripe").Factory;
}
