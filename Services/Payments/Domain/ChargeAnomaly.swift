/// Why a captured charge needs a second look: the money is real and in the ledger, but it does not fit what came
/// before.
enum ChargeAnomaly: String, Sendable, CaseIterable {
    /// Its order was already paid by another charge.
    case secondCapture = "second_capture"
    /// It had ended as failed when the provider reported the capture.
    case capturedAfterFailure = "captured_after_failure"
    /// The provider reported a failure after it had reported the capture.
    case deniedAfterCapture = "denied_after_capture"
}
