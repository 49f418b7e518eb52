/// Who or what canceled an occurrence.
public enum CancellationCause: String, Codable, Sendable, CaseIterable {
    case organizer
    /// Too few tickets were sold by the cutoff (seed B, rule 5).
    case minimumNotMet = "minimum_not_met"

    public static var example: CancellationCause { .organizer }
}
