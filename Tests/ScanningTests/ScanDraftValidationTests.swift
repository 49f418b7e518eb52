import Contracts
import Testing

@testable import Scanning

@Suite("When a scan was read")
struct ScanDraftValidationTests {
    private func problem(scannedAt: Timestamp?) -> Problem? {
        var draft = ScanDraft.example
        draft.scannedAt = scannedAt
        return draft.problem(at: .example)
    }

    @Test("A scanner's clock may run ahead by 5 minutes, and not by more")
    func lead() {
        #expect(problem(scannedAt: .example + .seconds(300)) == nil)
        let refused = problem(scannedAt: .example + .milliseconds(300_001))
        #expect(refused?.slug == .validationFailed)
        #expect(refused?.errors?.map(\.field) == ["scanned_at"])
    }

    @Test("A scan of earlier, or without a time, is taken")
    func past() {
        #expect(problem(scannedAt: .example - .seconds(86_400)) == nil)
        #expect(problem(scannedAt: nil) == nil)
    }
}
