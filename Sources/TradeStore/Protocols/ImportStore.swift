/// The store of an import, which runs beside the process that holds the database. Transactions must be short.
package protocol ImportStore: BatchStore, IDGapReader, ImportRecordStore, TradeSourceReader, TradeMergeStore,
    RebuiltBarStore
{}
