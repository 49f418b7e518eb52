/// Whether an endpoint takes an `Idempotency-Key` (API, "Idempotency").
enum IdempotencyRule: Sendable, Equatable {
    /// The method is safe, or the body carries an id that does the same: the header is ignored.
    case ignored
    /// The method is idempotent by itself; a key is honoured when there is one.
    case accepted
    /// Without a key: 400.
    case required
}
