/// A private PostgreSQL server that could not be run.
public struct PrivatePostgresError: Error, CustomStringConvertible {
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
