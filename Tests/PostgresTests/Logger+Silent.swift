import Logging

extension Logger {
    /// For clients whose connections fail on purpose.
    static var silent: Logger { Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }) }
}
