import Contracts

/// When an occurrence lets people in.
struct AdmissionWindow: Sendable, Equatable {
    /// The first instant at which somebody may enter.
    let opensAt: Timestamp
    /// The last one.
    let endsAt: Timestamp
    let isCanceled: Bool
}
