"""Forms in which venues, vendors and tools publish trades and bars, as small texts with the right rows.

A form that does not state enough to be read is refused with what to do, never read wrongly.
"""

import dataclasses
import gzip
import io
import zipfile

START = 1_723_075_200
MINUTE, HOUR, DAY = 60_000_000, 3_600_000_000, 86_400_000_000
T0 = START * 1_000_000


@dataclasses.dataclass(frozen=True)
class Form:
    """A file, and what is on disk after its import."""

    name: str
    # The name of the file, which may state symbol and timeframe.
    file: str
    content: str | bytes
    # Trades: (time_us, price, quantity, taker side). Bars: (open_time_us, open, high, low, close, volume).
    rows: tuple
    symbol: str = "BTCUSDT"
    venue: str = "coinbase"
    # The options that the command needs; without any one of them, the file is refused with a message that names it.
    options: dict = dataclasses.field(default_factory=lambda: {"venue": "coinbase"})
    # "trades", or the timeframe of bars.
    kind: str = "trades"
    ids: tuple | None = None
    stream: str | None = None
    # Whether a refusal with its reason is right too: the form does not state enough, or is rare.
    may_be_refused: bool = False

    @property
    def data(self) -> bytes:
        return self.content.encode() if isinstance(self.content, str) else self.content


def zipped(name: str, text: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, text)
    return buffer.getvalue()


def given(venue: str = "coinbase", **more) -> dict:
    return {"venue": venue, **more}


BUY = (T0 + 123_000, "55000.10", "0.5", "buy")
SELL = (T0 + 1_000_000, "55000.2", "0.25", "sell")
SIDED = (BUY, SELL)
PLAIN = (BUY[:3] + (None,), SELL[:3] + (None,))
FIRST, SECOND = (10.0, 12.0, 9.0, 11.0, 1.5), (11.0, 13.0, 10.5, 12.0, 2.5)


def candles(step: int, start: int = T0) -> tuple:
    return ((start, *FIRST), (start + step, *SECOND))


S_PLAIN = ((T0, *PLAIN[0][1:]), (T0 + 1_000_000, *PLAIN[1][1:]))
S_SIDED = ((T0, *BUY[1:]), SELL)

TRADES = [
    Form("tardis", "trades.csv",
         "exchange,symbol,timestamp,local_timestamp,id,side,price,amount\n"
         f"binance-futures,BTCUSDT,{T0 + 123_000},{T0 + 130_000},4711,buy,55000.10,0.5\n"
         f"binance-futures,BTCUSDT,{T0 + 1_000_000},{T0 + 1_007_000},4712,sell,55000.2,0.25\n",
         SIDED, venue="binance-usdm", options=given("binance-usdm"), ids=(4711, 4712)),
    Form("tardis with ids that are no numbers", "trades.csv",
         "exchange,symbol,timestamp,local_timestamp,id,side,price,amount\n"
         f"bitmex,XBTUSD,{T0 + 123_000},{T0 + 130_000},b8c2a3ee-0a2f-4a3e-b9f5-0e0f0c0a0b01,buy,55000.10,0.5\n"
         f"bitmex,XBTUSD,{T0 + 1_000_000},{T0 + 1_007_000},b8c2a3ee-0a2f-4a3e-b9f5-0e0f0c0a0b02,sell,55000.2,0.25\n",
         SIDED, symbol="XBTUSD", venue="bitmex", options=given("bitmex"), may_be_refused=True),
    Form("Kraken's trades without a header", "XBTUSD.csv", f"{START},55000.10,0.5\n{START + 1},55000.2,0.25\n",
         S_PLAIN, symbol="XBTUSD", venue="kraken", options=given("kraken")),
    Form("Bitcoincharts without a header", "bitstampUSD.csv.gz",
         gzip.compress(f"{START},55000.10,0.5\n{START + 1},55000.2,0.25\n".encode()),
         S_PLAIN, symbol="BTCUSD", venue="bitstamp", options=given("bitstamp", symbol="BTCUSD")),
    Form("nautilus with an unnamed first column", "ticks.csv",
         ",timestamp,trade_id,price,quantity,buyer_maker\n"
         "0,2024-08-08 00:00:00.123,145168280,55000.10,0.5,False\n"
         "1,2024-08-08 00:00:01.000,145168281,55000.2,0.25,True\n",
         SIDED, options=given(symbol="BTCUSDT"), ids=(145168280, 145168281)),
    Form("spot trades of Binance in microseconds", "BTCUSDT-trades-2024-08-08.csv",
         f"4711,55000.10,0.5,27500.05,{T0 + 123_000},False,True\n"
         f"4712,55000.2,0.25,13750.05,{T0 + 1_000_000},True,True\n",
         SIDED, venue="binance-spot", options={}, ids=(4711, 4712), stream="trade"),
    Form("spot aggregate trades of Binance in microseconds", "BTCUSDT-aggTrades-2024-08-08.zip",
         zipped("BTCUSDT-aggTrades-2024-08-08.csv",
                f"4711,55000.10,0.5,1,2,{T0 + 123_000},False,True\n"
                f"4712,55000.2,0.25,3,3,{T0 + 1_000_000},True,True\n"),
         SIDED, venue="binance-spot", options={}, ids=(4711, 4712), stream="aggTrade"),
    Form("futures' aggregate trades of Binance", "BTCUSDT-aggTrades-2024-08-08.csv",
         "agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker\n"
         f"4711,55000.10,0.5,1,2,{START}123,false\n4712,55000.2,0.25,3,3,{START + 1}000,true\n",
         SIDED, venue="binance-usdm", options=given("binance-usdm"), ids=(4711, 4712), stream="aggTrade"),
    Form("pandas with an index of times", "ticks.csv",
         ",symbol,price,amount,side\n2024-08-08 00:00:00.123000+00:00,BTCUSDT,55000.10,0.5,buy\n"
         "2024-08-08 00:00:01+00:00,BTCUSDT,55000.2,0.25,sell\n", SIDED),
    Form("pandas with a named index of times", "ticks.csv",
         "timestamp,symbol,price,amount,side\n2024-08-08 00:00:00.123000+00:00,BTCUSDT,55000.10,0.5,buy\n"
         "2024-08-08 00:00:01+00:00,BTCUSDT,55000.2,0.25,sell\n", SIDED),
    Form("Excel in UTF-16 with tabs", "ticks.txt",
         "Time\tSymbol\tPrice\tQuantity\tSide\r\n2024-08-08 00:00:00.123\tBTCUSDT\t55000.10\t0.5\tBuy\r\n"
         "2024-08-08 00:00:01\tBTCUSDT\t55000.2\t0.25\tSell\r\n".encode("utf-16"), SIDED),
    Form("semicolons, decimal commas and a mark of byte order", "ticks.csv",
         "\ufeffTime;Symbol;Price;Quantity;Side\r\n2024-08-08 00:00:00,123;BTCUSDT;55000,10;0,5;buy\r\n"
         "2024-08-08 00:00:01;BTCUSDT;55000,2;0,25;sell\r\n", SIDED),
    Form("all cells quoted", "ticks.csv",
         f'"time","symbol","price","qty","side"\n"{START}123","BTCUSDT","55000.10","0.5","buy"\n'
         f'"{START + 1}000","BTCUSDT","55000.2","0.25","sell"\n', SIDED),
    Form("lines that end in CR alone", "ticks.csv",
         f"time,symbol,price,qty,side\r{START}123,BTCUSDT,55000.10,0.5,buy\r{START + 1}000,BTCUSDT,55000.2,0.25,sell\r",
         SIDED),
    Form("pipes", "ticks.csv",
         f"time|symbol|price|qty|side\n{START}123|BTCUSDT|55000.10|0.5|buy\n{START + 1}000|BTCUSDT|55000.2|0.25|sell\n",
         SIDED, may_be_refused=True),
    Form("no end of line at the end", "ticks.csv",
         f"time,symbol,price,qty\n{START}123,BTCUSDT,55000.10,0.5\n{START + 1}000,BTCUSDT,55000.2,0.25", PLAIN),
    Form("ccxt", "trades.csv",
         "id,timestamp,datetime,symbol,order,type,side,takerOrMaker,price,amount,cost,fee\n"
         f"4711,{START}123,2024-08-08T00:00:00.123Z,BTCUSDT,,,buy,,55000.10,0.5,27500.05,\n"
         f"4712,{START + 1}000,2024-08-08T00:00:01.000Z,BTCUSDT,,,sell,,55000.2,0.25,13750.05,\n",
         SIDED, ids=(4711, 4712)),
    Form("Bybit derivatives", "BTCUSDT2024-08-08.csv.gz",
         gzip.compress(
             "timestamp,symbol,side,size,price,tickDirection,trdMatchID,grossValue,homeNotional,foreignNotional\n"
             f"{START}.1230,BTCUSDT,Buy,0.5,55000.10,PlusTick,9b1c-1,1,1,1\n"
             f"{START + 1}.0000,BTCUSDT,Sell,0.25,55000.2,PlusTick,9b1c-2,1,1,1\n".encode()),
         SIDED, venue="bybit", options=given("bybit")),
    Form("Bybit spot", "BTCUSDT_2024-08-08.csv",
         f"id,timestamp,price,volume,side\n1,{START}123,55000.10,0.5,buy\n2,{START + 1}000,55000.2,0.25,sell\n",
         SIDED, venue="bybit", options=given("bybit", symbol="BTCUSDT"), ids=(1, 2)),
    Form("OKX", "BTC-USDT-trades-2024-08-08.csv",
         "instrument_name,trade_id,side,price,size,created_time\n"
         f"BTC-USDT,4711,buy,55000.10,0.5,{START}123\nBTC-USDT,4712,sell,55000.2,0.25,{START + 1}000\n",
         SIDED, symbol="BTC-USDT", venue="okx", options=given("okx"), ids=(4711, 4712), may_be_refused=True),
    Form("KuCoin", "BTCUSDT-trades-2024-08-08.csv",
         f"trade_id,trade_time,price,size,side\n4711,{START}123,55000.10,0.5,buy\n"
         f"4712,{START + 1}000,55000.2,0.25,sell\n",
         SIDED, venue="kucoin", options=given("kucoin"), ids=(4711, 4712), may_be_refused=True),
    Form("BitMEX, with its own letter in the time", "20240808.csv",
         "timestamp,symbol,side,size,price,tickDirection,trdMatchID,grossValue,homeNotional,foreignNotional\n"
         "2024-08-08D00:00:00.123000000,XBTUSD,Buy,0.5,55000.10,PlusTick,9b1c-1,1,1,1\n"
         "2024-08-08D00:00:01.000000000,XBTUSD,Sell,0.25,55000.2,PlusTick,9b1c-2,1,1,1\n",
         SIDED, symbol="XBTUSD", venue="bitmex", options=given("bitmex"), may_be_refused=True),
    Form("NDJSON with numbers", "ticks.ndjson",
         f'{{"timestamp":{START}123,"symbol":"BTCUSDT","price":55000.10,"amount":0.5,"side":"buy"}}\n'
         f'{{"timestamp":{START + 1}000,"symbol":"BTCUSDT","price":55000.2,"amount":0.25,"side":"sell"}}\n',
         (BUY[:1] + ("55000.10",) + BUY[2:], SELL)),
    Form("NDJSON with texts", "ticks.jsonl",
         '{"time":"2024-08-08T00:00:00.123Z","symbol":"BTCUSDT","price":"55000.10","size":"0.5","side":"BUY"}\n'
         '{"time":"2024-08-08T00:00:01Z","symbol":"BTCUSDT","price":"55000.2","size":"0.25","side":"SELL"}\n', SIDED),
    Form("the maker's side by its flag in camelCase", "ticks.csv",
         f"Time,Symbol,Price,Qty,isBuyerMaker\n{START}123,BTCUSDT,55000.10,0.5,False\n"
         f"{START + 1}000,BTCUSDT,55000.2,0.25,TRUE\n", SIDED),
    Form("a gzip of several members", "ticks.csv.gz",
         gzip.compress(f"time,symbol,price,qty,side\n{START}123,BTCUSDT,55000.10,0.5,buy\n".encode())
         + gzip.compress(f"{START + 1}000,BTCUSDT,55000.2,0.25,sell\n".encode()), SIDED),
]

OHLCV = ["10,12,9,11,1.5", "11,13,10.5,12,2.5"]


def table(header: str, times: list, values: list = OHLCV, separator: str = ",") -> str:
    lines = [separator.join([str(time), value]) for time, value in zip(times, values)]
    return "\n".join(([header] if header else []) + lines) + "\n"


KLINES_HEADER = (
    "open_time,open,high,low,close,volume,close_time,quote_volume,count,taker_buy_volume,taker_buy_quote_volume,"
    "ignore\n"
)


def klines(unit: int, step: int = MINUTE) -> str:
    """Candles of Binance; the unit is 1000 for milliseconds."""
    rows = [(T0, OHLCV[0]), (T0 + step, OHLCV[1])]
    return "".join(
        f"{time // unit},{values},{(time + step) // unit - 1},16.5,10,0.7,8,0\n" for time, values in rows
    )


CDD = "https://www.CryptoDataDownload.com\n"
BARS = [
    Form("candles of Binance spot in microseconds", "BTCUSDT-1m-2024-08-08.csv", klines(1), candles(MINUTE),
         venue="binance-spot", options=given("binance-spot"), kind="1m"),
    Form("candles of Binance futures with a header", "BTCUSDT-1h-2024-08.zip",
         zipped("BTCUSDT-1h-2024-08.csv", KLINES_HEADER + klines(1000, HOUR)), candles(HOUR),
         venue="binance-usdm", options=given("binance-usdm"), kind="1h"),
    Form("candles of Binance with names in words", "btc.csv",
         "Open time,Open,High,Low,Close,Volume,Close time,Quote asset volume,Number of trades,Taker buy base,"
         "Taker buy quote,Ignore\n" + klines(1000), candles(MINUTE),
         options=given(symbol="BTCUSDT", timeframe="1m"), kind="1m"),
    Form("Kraken's candles without a header", "XBTUSD_60.csv",
         table("", [START, START + 3600], ["10,12,9,11,1.5,20", "11,13,10.5,12,2.5,30"]), candles(HOUR),
         symbol="XBTUSD", venue="kraken", options=given("kraken"), kind="1h"),
    Form("CryptoDataDownload in milliseconds", "Binance_BTCUSDT_1h.csv",
         CDD + "Unix,Date,Symbol,Open,High,Low,Close,Volume BTC,Volume USDT,tradecount\n"
         f"{START + 3600}000,2024-08-08 01:00:00,BTCUSDT,11,13,10.5,12,2.5,30,7\n"
         f"{START}000,2024-08-08 00:00:00,BTCUSDT,10,12,9,11,1.5,16.5,5\n", candles(HOUR),
         venue="binance-spot", options=given("binance-spot", timeframe="1h"), kind="1h"),
    Form("CryptoDataDownload in seconds, with a symbol of two halves", "Bitstamp_BTCUSD_d.csv",
         CDD + "unix,date,symbol,open,high,low,close,Volume BTC,Volume USD\n"
         f"{START + 86400},2024-08-09 00:00:00,BTC/USD,11,13,10.5,12,2.5,30\n"
         f"{START},2024-08-08 00:00:00,BTC/USD,10,12,9,11,1.5,16.5\n", candles(DAY),
         symbol="BTCUSD", venue="bitstamp", options=given("bitstamp", timeframe="1d"), kind="1d"),
    Form("TradingView in seconds", "BINANCE_BTCUSDT, 60.csv",
         table("time,open,high,low,close,Volume", [START, START + 3600]), candles(HOUR),
         venue="binance-spot", options=given("binance-spot"), kind="1h"),
    Form("TradingView in ISO 8601, with an indicator", "BINANCE_BTCUSDT, 1D.csv",
         table("time,open,high,low,close,Volume,RSI", ["2024-08-08T00:00:00Z", "2024-08-09T00:00:00Z"],
               ["10,12,9,11,1.5,NaN", "11,13,10.5,12,2.5,51.2"]), candles(DAY),
         venue="binance-spot", options=given("binance-spot"), kind="1d"),
    Form("TradingView with an indicator twice", "BINANCE_BTCUSDT, 60.csv",
         table("time,open,high,low,close,MA,MA,Volume,Volume MA", [START, START + 3600],
               ["10,12,9,11,1,2,1.5,3", "11,13,10.5,12,1,2,2.5,3"]), candles(HOUR),
         venue="binance-spot", options=given("binance-spot"), kind="1h"),
    Form("Stooq daily", "spy_us_d.csv",
         table("Date,Open,High,Low,Close,Volume", ["2024-08-08", "2024-08-09"]), candles(DAY),
         symbol="SPY", venue="nyse", options=given("nyse", symbol="SPY", timeframe="1d"), kind="1d"),
    Form("yfinance of one ticker, of old", "SPY.csv",
         table("Date,Open,High,Low,Close,Adj Close,Volume", ["2024-08-08", "2024-08-09"],
               ["10,12,9,11,10.8,1.5", "11,13,10.5,12,11.8,2.5"]), candles(DAY),
         symbol="SPY", venue="nyse", options=given("nyse", symbol="SPY", timeframe="1d"), kind="1d"),
    Form("yfinance of one ticker, with three header lines", "SPY.csv",
         "Price,Close,High,Low,Open,Volume\nTicker,SPY,SPY,SPY,SPY,SPY\nDate,,,,,\n"
         "2024-08-08,11,12,9,10,1.5\n2024-08-09,12,13,10.5,11,2.5\n", candles(DAY),
         symbol="SPY", venue="nyse", options=given("nyse", symbol="SPY", timeframe="1d"), kind="1d"),
    Form("yfinance within the day", "SPY.csv",
         "Datetime,Open,High,Low,Close,Volume,Dividends,Stock Splits\n2024-08-07 19:59:00-04:00,,,,,,0.456,0\n"
         "2024-08-07 20:00:00-04:00,10,12,9,11,1.5,0.0,0\n2024-08-07 20:01:00-04:00,11,13,10.5,12,2.5,0.0,0\n",
         candles(MINUTE), symbol="SPY", venue="nyse", options=given("nyse", symbol="SPY", timeframe="1m"), kind="1m"),
    Form("Alpha Vantage, newest first", "daily_SPY.csv",
         "timestamp,open,high,low,close,volume\n2024-08-09,11,13,10.5,12,2.5\n2024-08-08,10,12,9,11,1.5\n",
         candles(DAY), symbol="SPY", venue="nyse", options=given("nyse", symbol="SPY", timeframe="1d"), kind="1d"),
    Form("ccxt's candles", "ohlcv.csv",
         table("timestamp,open,high,low,close,volume", [START * 1000, (START + 60) * 1000]), candles(MINUTE),
         options=given(symbol="BTCUSDT", timeframe="1m"), kind="1m"),
    Form("Coinbase's order of columns", "candles.csv",
         table("time,low,high,open,close,volume", [START, START + 60], ["9,12,10,11,1.5", "10.5,13,11,12,2.5"]),
         candles(MINUTE), options=given(symbol="BTCUSDT", timeframe="1m"), kind="1m"),
    Form("pandas with an index of times and no volume", "bars.csv",
         table(",open,high,low,close", ["2024-08-08 00:00:00+00:00", "2024-08-08 00:01:00+00:00"],
               ["10,12,9,11", "11,13,10.5,12"]),
         tuple(row[:5] + (0.0,) for row in candles(MINUTE)),
         options=given(symbol="BTCUSDT", timeframe="1m"), kind="1m"),
    Form("semicolons and decimal commas", "bars.csv",
         "Date;Open;High;Low;Close;Volume\n2024-08-08;10;12;9;11;1,5\n2024-08-09;11;13;10,5;12;2,5\n", candles(DAY),
         symbol="SPY", venue="xetra", options=given("xetra", symbol="SPY", timeframe="1d"), kind="1d"),
    Form("bars as NDJSON", "bars.ndjson",
         f'{{"time":{START},"symbol":"BTCUSDT","timeframe":"1m",'
         '"open":10,"high":12,"low":9,"close":11,"volume":1.5}\n'
         f'{{"time":{START + 60},"symbol":"BTCUSDT","timeframe":"1m",'
         '"open":11,"high":13,"low":10.5,"close":12,"volume":2.5}\n',
         candles(MINUTE), kind="1m", may_be_refused=True),
    Form("MetaTrader, with date and time apart", "BTCUSDT1.csv",
         table("", ["2024.08.08,00:00", "2024.08.08,00:01"]), candles(MINUTE),
         options=given(symbol="BTCUSDT", timeframe="1m"), kind="1m", may_be_refused=True),
    Form("MetaTrader 5", "BTCUSDT_M1.csv",
         "<DATE>\t<TIME>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<TICKVOL>\t<VOL>\t<SPREAD>\n"
         "2024.08.08\t00:00:00\t10\t12\t9\t11\t5\t1.5\t1\n2024.08.08\t00:01:00\t11\t13\t10.5\t12\t5\t2.5\t1\n",
         candles(MINUTE), options=given(symbol="BTCUSDT", timeframe="1m"), kind="1m", may_be_refused=True),
    Form("date and time in two columns", "spy.csv",
         table("Date,Time,Open,High,Low,Close,Volume", ["2024-08-08,00:00", "2024-08-08,00:01"]), candles(MINUTE),
         options=given(symbol="BTCUSDT", timeframe="1m"), kind="1m", may_be_refused=True),
    Form("HistData", "DAT_ASCII_BTCUSD_M1_2024.csv",
         table("", ["20240808 000000", "20240808 000100"], [row.replace(",", ";") for row in OHLCV], ";"),
         candles(MINUTE), options=given(symbol="BTCUSDT", timeframe="1m"), kind="1m", may_be_refused=True),
    Form("Dukascopy", "BTCUSD_Candlestick_1_M.csv",
         table("Gmt time,Open,High,Low,Close,Volume", ["08.08.2024 00:00:00.000", "08.08.2024 00:01:00.000"]),
         candles(MINUTE), options=given(symbol="BTCUSDT", timeframe="1m"), kind="1m", may_be_refused=True),
    Form("Stooq in bulk", "spy.us.txt",
         "<TICKER>,<PER>,<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>,<OPENINT>\n"
         "SPY.US,D,20240808,000000,10,12,9,11,1.5,0\nSPY.US,D,20240809,000000,11,13,10.5,12,2.5,0\n",
         candles(DAY), symbol="SPY.US", venue="nyse", options=given("nyse", timeframe="1d"), kind="1d",
         may_be_refused=True),
    Form("dates of eight digits", "spy.csv",
         table("date,open,high,low,close,volume", ["20240808", "20240809"]), candles(DAY),
         symbol="SPY", venue="nyse", options=given("nyse", symbol="SPY", timeframe="1d"), kind="1d",
         may_be_refused=True),
    Form("Nasdaq, with dollars", "HistoricalData.csv",
         "Date,Close/Last,Volume,Open,High,Low\n08/09/2024,$12.00,2.5,$11.00,$13.00,$10.50\n"
         "08/08/2024,$11.00,1.5,$10.00,$12.00,$9.00\n", candles(DAY),
         symbol="SPY", venue="nyse", options=given("nyse", symbol="SPY", timeframe="1d"), kind="1d",
         may_be_refused=True),
    Form("Investing.com", "SPY Historical Data.csv",
         '\ufeff"Date","Price","Open","High","Low","Vol.","Change %"\n"08/09/2024","12","11","13","10.5","2.50K","1%"\n'
         '"08/08/2024","11","10","12","9","1.50K","1%"\n', tuple(row[:5] + (row[5] * 1000,) for row in candles(DAY)),
         symbol="SPY", venue="nyse", options=given("nyse", symbol="SPY", timeframe="1d"), kind="1d",
         may_be_refused=True),
    Form("Polygon", "2024-08-08.csv.gz",
         gzip.compress(("ticker,volume,open,close,high,low,window_start,transactions\n"
                        f"SPY,1.5,10,11,12,9,{START}000000000,5\n"
                        f"SPY,2.5,11,12,13,10.5,{START + 60}000000000,7\n").encode()),
         candles(MINUTE), symbol="SPY", venue="nyse", options=given("nyse", timeframe="1m"), kind="1m",
         may_be_refused=True),
    Form("Databento", "ohlcv.csv",
         "ts_event,rtype,publisher_id,instrument_id,open,high,low,close,volume,symbol\n"
         f"{START}000000000,33,1,5,10,12,9,11,1.5,SPY\n{START + 60}000000000,33,1,5,11,13,10.5,12,2.5,SPY\n",
         candles(MINUTE), symbol="SPY", venue="nyse", options=given("nyse", timeframe="1m"), kind="1m",
         may_be_refused=True),
]
