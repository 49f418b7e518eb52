/// What a claim of an idempotency key meets.
enum IdempotencyVerdict: Sendable, Equatable {
    /// Nobody is at it: carry it out.
    case granted(IdempotencyClaim)
    /// It was carried out: this was answered, sealed.
    case finished(sealedReply: [UInt8])
    /// Somebody is at it.
    case inProgress
    /// The key was used for another request.
    case reused
}
