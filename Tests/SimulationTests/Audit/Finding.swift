/// Something that is wrong at the end of a run.
struct Finding: Sendable, Equatable, CustomStringConvertible {
    /// Who has found it.
    enum Source: Sendable, Hashable, CustomStringConvertible {
        /// Something was left over: a message, a job, a timer, a checkout.
        case settling
        case deadLetter
        /// A check of the operator's, by its name.
        case check(String)
        case auditor

        var description: String {
            switch self {
            case .settling: "it did not settle"
            case .deadLetter: "dead letter"
            case .check(let name): "fsck: \(name)"
            case .auditor: "auditor"
            }
        }
    }

    let source: Source
    let text: String

    init(_ source: Source, _ text: String) {
        self.source = source
        self.text = text
    }

    var description: String { "\(source): \(text)" }
}
