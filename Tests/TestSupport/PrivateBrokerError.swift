/// Why a private broker could not be started or asked.
public struct PrivateBrokerError: Error, CustomStringConvertible {
    /// What happened, with the output of the program that failed.
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
