/// Who is told what arrives on a connection. The closures run on the connection's queue, in the order of arrival, and
/// must not block.
struct ConnectionObserver: Sendable {
    /// Messages for a consumer, as they were drained together.
    var delivered: @Sendable ([AMQPDelivery]) -> Void = { _ in }
    /// A message that came back and was not published with ``AMQPConnection/publish(_:)``.
    var returned: @Sendable (AMQPReturn) -> Void = { _ in }
    /// The broker blocked publishers for a reason, or no longer blocks them (`nil`).
    var blocked: @Sendable (String?) -> Void = { _ in }
    /// The connection ended; nothing follows.
    var closed: @Sendable (AMQPError) -> Void = { _ in }
}
