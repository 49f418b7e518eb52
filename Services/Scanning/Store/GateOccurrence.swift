import Contracts
import Foundation

/// What a gate has to know of an occurrence.
struct GateOccurrence: Sendable, Equatable {
    let id: OccurrenceID
    /// The 32 bytes that verify its tickets' codes.
    let publicKey: Data
    /// What its tickets' codes name it by: the last eight bytes of its id.
    let codeTag: Data
    let window: AdmissionWindow
}
