/// One scan of a visit: all answers to one scan id.
struct ScanRecord: Codable, Sendable, Equatable {
    var id: String
    var isIn: Bool
    var results: [String]
}
