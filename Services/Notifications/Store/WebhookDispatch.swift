/// What an attempt needs to know.
struct WebhookDispatch: Sendable {
    let url: String
    /// The newest first.
    let secrets: [WebhookSecret]
    let sequence: Int
    /// The exact body.
    let payload: [UInt8]
}
