"""Writes the seeds of a fuzz target: recorded messages of every kind, and what no recording holds, from code.

usage: corpus.py TARGET DATA FOLDER
"""

import gzip
import io
import json
import pathlib
import re
import struct
import sys
import zipfile

RECORDED = {
    "binance-usdm": ["ws-frames-cryptofeed/BINANCE_FUTURES.ws.1.0.txt.gz"],
    "binance-spot": ["binance-spot-20240808/frames.ndjson.gz", "ws-frames-cryptofeed/BINANCE.ws.1.0.txt.gz"],
    "okx": ["ws-frames-cryptofeed/OKX.ws.1.0.txt.gz"],
    "coinbase": ["ws-frames-cryptofeed/COINBASE.ws.28.0.txt.gz"],
    # Of older protocols.
    "bybit": ["ws-frames-cryptofeed/BYBIT.ws.26.0.txt.gz"],
    "kraken": ["ws-frames-cryptofeed/KRAKEN.ws.50.0.txt.gz"],
}

DOCUMENTED = {
    "binance-usdm": ['{"result":null,"id":1}', '{"e":"serverShutdown","E":1770123456789}'],
    "binance-spot": ['{"result":null,"id":1}', '{"e":"serverShutdown","E":1770123456789}'],
    "okx": [
        "pong",
        '{"event":"error","code":"60018","msg":"Wrong URL","connId":"a4d3ae55"}',
        '{"event":"notice","code":"64008","msg":"The connection will soon be closed"}',
    ],
    "coinbase": [
        '{"type":"heartbeat","sequence":90,"last_trade_id":20,"product_id":"SKL-USD","time":"2014-11-07T08:19:28Z"}',
        '{"type":"error","message":"Failed to subscribe","reason":"not a product"}',
    ],
    "bybit": [
        '{"topic":"publicTrade.BTCUSDT","type":"snapshot","ts":1672304486868,"data":[{"T":1672304486865,"s":"BTCUSDT",'
        '"S":"Buy","v":"0.001","p":"16578.50","L":"PlusTick","i":"20f43950-d8dd-5b31","BT":false,"seq":1783284617}]}',
        '{"success":true,"ret_msg":"pong","conn_id":"465772b1","req_id":"","op":"ping"}',
        '{"success":false,"ret_msg":"Invalid symbol :[publicTrade.X]","conn_id":"465772b1","op":"subscribe"}',
    ],
    "kraken": [
        '{"channel":"trade","type":"snapshot","data":[{"symbol":"MATIC/USD","side":"buy","price":0.5147,'
        '"qty":6423.46326,"ord_type":"limit","trade_id":4665846,"timestamp":"2023-09-25T07:48:36.925533Z"}]}',
        '{"channel":"trade","type":"update","data":[{"symbol":"BTC/USD","side":"sell","price":105910.50,'
        '"qty":0.00012460,"ord_type":"market","trade_id":10218209,"timestamp":"2023-10-06T17:35:56.123456Z"}]}',
        '{"method":"subscribe","result":{"channel":"trade","symbol":"BTC/USD"},"success":true}',
        '{"error":"Currency pair not supported X/USD","method":"subscribe","success":false,"symbol":"X/USD"}',
        '{"channel":"heartbeat"}', '{"method":"pong"}',
    ],
}

PER_KIND = 40
LONGEST = 2000

TABLES = [
    "agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker\n"
    "26129,0.01633102,4.70443515,27781,27781,1723075200123,true\n26130,1.6e-2,4,27782,27790,1723075200124,false\n",
    "26129,0.01633102,4.70443515,27781,27781,1723075200123,True,True\n",
    'time;symbol;side;price;amount\n2024-08-08T00:00:00.123Z;"BTC;USD";buy;61.800,30;0,5\n2024-08-08 01:00;X;s;1;2;\n',
    "# made by hand\n#ts_ms\tprice\tqty\ttrade_id\n1723075200123\t1\t2\t0\n\n1723075201\t1\t-2\t17592186044415\n",
    '{"time":"1723075200123","symbol":"ETHUSDT","price":"2400.10","qty":0.5,"side":"sell","id":7,"extra":{"a":[1]}}\n'
    '{"price":1e3,"time":1723075200.5,"qty":"1","symbol":"ETHUSDT","id":null}\n',
    '{"stream":"btcusdt@trade","data":{"e":"trade","E":1723075200124,"s":"BTCUSDT","t":5,"p":"61800.30","q":"0.1",'
    '"T":1723075200123,"m":true,"M":true}}\n',
    "time,open,high,low,close,volume,trades\n1723075200,1,3,0.5,2,10,4\n1723075260,2,2,2,2,0,0\n",
    "1723075200000,1,3,0.5,2,10,1723075259999,20,4,5,10,0\n1723075260000,2,2,2,2,0,1723075319999,0,0,0,0,0\n",
    "Price,Close,Close\nTicker,KO,PEP\nDate,,\n2024-08-08,60.1,170.2\n2024-08-09,60.2,\n",
    "venue,symbol,timeframe,time,open,high,low,close,state\nreplay,A,1m,2024-08-08T00:01:00Z,1,1,1,1,carried\n"
    "replay,A,1m,2024-08-08T00:02:00Z,,,,,gap\n",
]

TEXTS = [
    "61800.30", "-0.5", "55000.100000000000000000", "9223372036854775807", "1.2e-05", "+.5", "1,234", "1.234,56", "NaN",
    "1723075200", "1723075200123", "1723075200123456789", "1723075200.123", "2024-08-08T00:00:00.123456789Z", "20240808",
    "2024-08-08 02:00:00+02:00", "12:30:00 PM", "9999-12-31", "0000-01-01", "1s", "15m", "7d", "604800s",
    "binance-usdm:ETHUSDT", "ADABTC-1m-2021-11-27", "BINANCE_BTCUSDT, 60", "XBTUSD_1440.csv.gz",
    "BTCUSDT-aggTrades-2024-08-08.zip", "Binance_BTCUSDT_1h",
]

# The first byte selects the request; see AnswerTarget.
ANSWERS = [
    '\0[{"a":26129,"p":"0.01633102","q":"4.70443515","f":27781,"l":27781,"T":1498793709153,"m":true}]',
    '\1[{"id":28457,"price":"4.00000100","qty":"12.0","time":1499865549590,"isBuyerMaker":true}]',
    '\2[[1499040000000,"0.01634790","0.80000000","0.01575800","0.01577100","148976.1",1499644799999,"2434.1",308,"1"]]',
    '\3{"serverTime":1499827319559}',
    '\4{"code":"0","msg":"","data":[{"instId":"BTC-USDT","side":"sell","sz":"0.01","px":"29963.2","tradeId":"242720720",'
    '"ts":"1654161646974"}]}',
    '\5{"code":"0","msg":"","data":[["1597026383085","3.721","3.743","3.677","3.708","8422410","22698348","127","1"]]}',
    '\6{"code":"0","msg":"","data":[{"ts":"1597026383085"}]}',
    '\7[{"time":"2014-11-07T22:19:28.578544Z","trade_id":74,"price":"10.00","size":"0.01","side":"buy"}]',
    "\10[[1415398768,0.32,4.2,0.35,4.2,12.3]]",
    '\11{"iso":"2015-01-07T23:47:25.201Z","epoch":1420674445.201}',
    '\13{"retCode":0,"retMsg":"OK","result":{"category":"linear","list":[{"execId":"a905d5c3","symbol":"BTCUSDT",'
    '"price":"16618.49","size":"0.00012","side":"Buy","time":"1672052955758","isBlockTrade":false,"seq":"123456"}]}}',
    '\14{"retCode":0,"result":{"list":[["1670608800000","17071","17073","17027","17055.5","268611","15.74462667"]]}}',
    '\15{"retCode":0,"retMsg":"OK","result":{"timeSecond":"1688639403","timeNano":"1688639403423213947"}}',
    '\16{"error":[],"result":{"XXBTZUSD":[["30243.40000","0.34507674",1688669597.8277369,"b","m","",61044952]],'
    '"last":"1688671969993150842"}}',
    '\17{"error":[],"result":{"XXBTZUSD":[[1688671200,"30306.1","30306.2","30305.7","30305.7","30306.1","3.39",23]],'
    '"last":1688672160}}',
    '\20{"error":[],"result":{"unixtime":1688669448,"rfc1123":"Thu, 06 Jul 23 18:50:48 +0000"}}',
    "\12120", "\12 9223372036854775807",
]

HEADERS = [
    "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/vnd.google.protobuf;"
    "proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.7,text/plain;version=0.0.4;q=0.5,*/*;q=0.1\n"
    "gzip;q=1.0, identity; q=0.5, *;q=0\nBasic YWRtaW46c2VjcmV0OnNlY3JldA==\n"
    "pair=a%20b&window=100&debug=true&x=%ff&y\n[::1]:9100",
    'text/html, text/*;q="0.5\\"", */*\nbr, x-gzip\nBearer abc\nname[]=up&name[]=down+%C3%BC\n:10200',
]

CONFIGURATIONS = [
    "feeds:\n- venue: binance-usdm\n  idle_timeout: 30s\nbars: {}\nstorage: {path: pairs.sqlite, trade_retention: 7d}\n"
    "timeframes: [1m, 1h]\nwindows: [60, 500]\nprice: log\nhedge_ratios: [ols, tls]\ntick_correlation_horizon: 15m\n"
    "tests: {engle_granger: true}\nsignals: {entry: 2.0}\nseries_limit: 100000\n"
    'pairs:\n- {y: "binance-usdm:ETHUSDT", x: "binance-usdm:BTCUSDT"}\n- name: sol\n  y: binance-usdm:SOLUSDT\n'
    "  x: binance-usdm:BTCUSDT\n  windows: [100]\n",
    "defaults: &d {windows: [100]}\npairs:\n- {<<: *d, y: a:B, x: a:C}\n? [1, 2]\n: *d\n--- !!str x\n",
    'feeds: [{venue: simulated, simulated: {seed: 7, instruments: [{symbol: A, price: 100, trades_per_second: 2.5},\n'
    '  {symbol: "B", driver: A, half_life: 10s}]}}, {venue: replay, replay: {file: x.csv, speed: 10}}]\n',
    "alerts: {z_score: {for: 5m}}\nseries_limit: 9223372036854775808\nwindows: [1e3, 0x10, .inf, -1]\n'a': |\n  text\n# end",
]

WEB_CONFIGURATIONS = [
    "tls_server_config: {cert_file: a.crt, key_file: a.key, client_auth_type: NoClientCert, min_version: TLS12}\n"
    "http_server_config:\n  http2: false\n  headers:\n    X-Frame-Options: deny\n"
    "basic_auth_users:\n  admin: $2y$10$QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DUmpZ/VcEd00UAV/LDeSi\n",
]


def recorded(target: str, data: pathlib.Path):
    seen: dict[str, int] = {}
    for source in RECORDED[target]:
        with gzip.open(data / source, "rt") as lines:
            for line in lines:
                if line.startswith("wss:") or "{" not in line:
                    continue
                message = line[line.index("{") :].rstrip("\n")
                found = re.search(r'"(?:e|type|channel|event)":"(\w+)"', message)
                kind = found.group(1) if found else ""
                seen[kind] = seen.get(kind, 0) + 1
                if seen[kind] <= PER_KIND and len(message) <= LONGEST:
                    yield message


def frame(opcode: int, payload: bytes, final: bool = True) -> bytes:
    head = bytes([(0x80 if final else 0) | opcode])
    if len(payload) < 126:
        return head + bytes([len(payload)]) + payload
    return head + b"\x7e" + struct.pack(">H", len(payload)) + payload


def frames():
    text = frame(1, b'{"e":"trade"}')
    parts = frame(1, b"one ", False) + frame(9, b"ping") + frame(0, b"two ", False) + frame(0, b"three")
    long, masked = b"\x82\x7f" + struct.pack(">Q", 1 << 33), b"\x81\x85abcd12345"
    streams = (
        text * 3, parts + text, frame(2, b"x" * 200) + frame(8, b"\x03\xe8"), frame(10, b"") + text[:7], long, masked,
        b"\x82\x7f" + struct.pack(">Q", 3) + b"abc",
    )
    for sizes in (bytes(8), b"\xff" * 8, bytes(range(8)), b"\x20\x01\x03\x7f\x02\x02\x02\x02"):
        for stream in streams:
            yield sizes + stream


def zipped(content: str, method: int, names=("trades.csv",)) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name in names:
            with archive.open(zipfile.ZipInfo(name), "w", force_zip64=len(content) % 2 == 0) as entry:
                entry.write(content.encode())
    return file.getvalue()


def packed():
    for content in TABLES[:3]:
        for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            yield zipped(content, method)
        yield gzip.compress(content.encode(), mtime=0)
    yield gzip.compress(b"a,b\n", mtime=0) + gzip.compress(b"1,2\n", mtime=0) + bytes(16)
    yield zipped("x", zipfile.ZIP_DEFLATED, ("a.csv", "b.csv"))
    yield zipped("x", zipfile.ZIP_STORED, ("__MACOSX/._a.csv", "a.csv"))


def seeds(target: str, data: pathlib.Path):
    match target:
        case "answers":
            return ANSWERS
        case "websocket":
            return frames()
        case "rows":
            return TABLES
        case "texts":
            return TEXTS
        case "packed":
            plain = [begin + table for begin in ("\1\0\7", "\3\1\7") for table in TABLES]
            return [*(b"\0\0\0" + file for file in packed()), *plain]
        case "files":
            texts = [*TABLES, *(table.replace("\n", "\r\n") for table in TABLES[:2])]
            encoded = [TABLES[0].encode("utf-16"), TABLES[6].encode("utf-16-be"), TABLES[0].encode("utf-8-sig")]
            return [*texts, *packed(), *encoded]
        case "headers":
            return HEADERS
        case "configuration":
            return [*CONFIGURATIONS, *(json.dumps({"windows": [60] * count}) for count in (1, 40))]
        case "web-configuration":
            return WEB_CONFIGURATIONS
    return [*DOCUMENTED[target], *recorded(target, data)]


def main(target: str, data: str, folder: str):
    path = pathlib.Path(folder)
    path.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds(target, pathlib.Path(data))):
        (path / f"seed-{number}").write_bytes(seed if isinstance(seed, bytes) else seed.encode())


main(*sys.argv[1:])
