import Contracts

/// Why a journal entry cannot exist.
enum JournalError: Error, Sendable, Equatable {
    case tooFewLines(Int)
    case zeroLine(LedgerAccountKind)
    case unbalanced(Currency, sumCents: Int)
    case overflow(Currency)
}
