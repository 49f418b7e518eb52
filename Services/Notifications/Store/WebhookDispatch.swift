/// What an attempt needs to know.
struct WebhookDispatch: Sendable {
    let url: String
    let secret: WebhookSecret
    /// The exact body.
    let payload: [UInt8]
}
