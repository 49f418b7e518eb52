/// The answer at the gate (API, "Scan results").
public enum ScanResult: String, Codable, Sendable, CaseIterable {
    case admitted
    case alreadyAdmitted = "already_admitted"
    case exited
    case notInside = "not_inside"
    case unknownCode = "unknown_code"
    case wrongOccurrence = "wrong_occurrence"
    case notOpenYet = "not_open_yet"
    case closed
    case revoked

    public static var example: ScanResult { .admitted }
}
