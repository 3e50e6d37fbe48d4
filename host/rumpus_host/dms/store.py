"""What a DMS keeps: devices, what they can do, where they are, and services. A SQLite file, or any URL that
SQLAlchemy knows.

Times are seconds since 1970. A registration holds for the lease; a device renews it. Whoever let it lapse,
or cancelled it, stays in the store, so that one can see it, and so do its services.
"""

import os
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple, Self

import sqlalchemy as sql
from sqlalchemy.exc import SQLAlchemyError

from rumpus.dcmp.tables.result_codes import PAYLOAD_SYNTAX, SUCCESS
from rumpus.dcmp.tables.results_ours import UNKNOWN_DEVICE, UNKNOWN_SERVICE

LEASE_S = 1800.0  # of a registration: a device renews three times as often
SCHEMA = "1"

REGISTERED = "registered"
EXPIRED = "expired"
CANCELLED = "cancelled"

_metadata = sql.MetaData()
_about = sql.Table(
    "about",
    _metadata,
    sql.Column("name", sql.String(32), primary_key=True),
    sql.Column("value", sql.String(64), nullable=False),
)
_devices = sql.Table(
    "device",
    _metadata,
    sql.Column("device_id", sql.String(32), primary_key=True),
    sql.Column("device_type", sql.Integer, nullable=False),
    sql.Column("name", sql.String(16), nullable=False),
    sql.Column("sub_name", sql.String(16), nullable=False),
    sql.Column("model_name", sql.String(16), nullable=False),
    sql.Column("model_number", sql.String(16), nullable=False),
    sql.Column("serial_number", sql.String(16), nullable=False),
    sql.Column("node_id", sql.String(32), nullable=False),
    sql.Column("carrier", sql.String(8), nullable=False),
    sql.Column("host", sql.String(64), nullable=False),
    sql.Column("port", sql.Integer, nullable=False),
    sql.Column("state", sql.String(16), nullable=False),
    sql.Column("registered_at", sql.Float, nullable=False),
    sql.Column("renewed_at", sql.Float, nullable=False),
    sql.Column("expires_at", sql.Float, nullable=False),
    sql.Column("seen_at", sql.Float, nullable=False),
    sql.Column("is_present", sql.Boolean, nullable=False),
)
_capabilities = sql.Table(
    "capability",
    _metadata,
    sql.Column("device_id", sql.ForeignKey("device.device_id"), primary_key=True),
    sql.Column("position", sql.Integer, primary_key=True),
    sql.Column("device_type", sql.Integer, nullable=False),
)
_properties = sql.Table(
    "property",
    _metadata,
    sql.Column("device_id", sql.ForeignKey("device.device_id"), primary_key=True),
    sql.Column("property_id", sql.Integer, primary_key=True),
    sql.Column("name", sql.String(16), nullable=False),
    sql.Column("value", sql.Text, nullable=False),
)
_services = sql.Table(
    "service",
    _metadata,
    sql.Column("device_id", sql.ForeignKey("device.device_id"), primary_key=True),
    sql.Column("name", sql.String(16), primary_key=True),
    sql.Column("user_id", sql.String(16), primary_key=True),
    sql.Column("registered_at", sql.Float, nullable=False),
)
_params = sql.Table(
    "service_param",
    _metadata,
    sql.Column("device_id", sql.String(32), primary_key=True),
    sql.Column("name", sql.String(16), primary_key=True),
    sql.Column("user_id", sql.String(16), primary_key=True),
    sql.Column("param_id", sql.Integer, primary_key=True),
    sql.Column("value", sql.Text, nullable=False),
)


class StoreError(Exception):
    """The store cannot be used; the text says why."""


class Address(NamedTuple):
    """Where a device was seen. carrier: "tcp" (it dialled us; the port is its own end's) or "udp"."""

    carrier: str
    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.carrier}://{host}:{self.port}"


class Service(NamedTuple):
    name: str
    user_id: str
    registered_at: float
    params: dict[int, str]


class Device(NamedTuple):
    """A device as the store has it now. state: REGISTERED, EXPIRED or CANCELLED."""

    device_id: bytes
    device_type: int
    name: str
    sub_name: str
    model_name: str
    model_number: str
    serial_number: str
    node_id: bytes
    address: Address
    state: str
    registered_at: float
    renewed_at: float
    expires_at: float
    seen_at: float
    is_present: bool
    capability: list[int]
    properties: dict[str, str]
    services: list[Service]


class Store:
    """where: a file's path, or a URL of SQLAlchemy's. now: the clock. Raises StoreError."""

    def __init__(
        self,
        where: Path | str,
        lease_s: float = LEASE_S,
        now: Callable[[], float] = time.time,
        must_exist: bool = False,
    ) -> None:
        self.lease_s = lease_s
        self._now = now
        if "://" not in str(where):
            if must_exist and not Path(where).is_file():
                raise StoreError(f"there is no store at {where}")
            where = f"sqlite:///{Path(where).absolute()}"
        try:
            self._engine = sql.create_engine(str(where))
            with self._engine.begin() as db:
                _metadata.create_all(db)
                self._check_schema(db)
        except SQLAlchemyError as error:
            raise StoreError(_in_words(error)) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    def close(self) -> None:
        self._engine.dispose()

    @staticmethod
    def _check_schema(db: sql.Connection) -> None:
        found = db.scalar(sql.select(_about.c.value).where(_about.c.name == "schema"))
        if found is None:
            db.execute(_about.insert().values(name="schema", value=SCHEMA))
        elif found != SCHEMA:
            raise StoreError(f"the store has schema {found}, this program knows {SCHEMA}")

    def device_id(self) -> bytes:
        """The server's own device ID: made once, the same ever after."""
        with self._engine.begin() as db:
            found = db.scalar(sql.select(_about.c.value).where(_about.c.name == "device_id"))
            if found is None:
                found = os.urandom(16).hex()
                db.execute(_about.insert().values(name="device_id", value=found))
        return bytes.fromhex(found)

    # --- devices ------------------------------------------------------------------------------

    def register(self, values: Mapping[str, Any], node_id: bytes, address: Address) -> int:
        """Keep a device, or renew it; return a Result. values: by DEVICE_REGISTRATION_REQUEST_BODY."""
        now = self._now()
        key = values["DeviceID"].hex()
        row = {
            "device_type": values["DeviceType"],
            "name": values["DeviceName"],
            "sub_name": values["DeviceSubName"],
            "model_name": values["ModelName"],
            "model_number": values["ModelNumber"],
            "serial_number": values["SerialNumber"],
            "node_id": node_id.hex(),
            **address._asdict(),
            "state": REGISTERED,
            "renewed_at": now,
            "expires_at": now + self.lease_s,
            "seen_at": now,
            "is_present": True,
        }
        with self._engine.begin() as db:
            if not db.execute(_devices.update().where(_devices.c.device_id == key).values(row)).rowcount:
                db.execute(_devices.insert().values(device_id=key, registered_at=now, **row))
            db.execute(_capabilities.delete().where(_capabilities.c.device_id == key))
            for position, code in enumerate(values["DeviceCapability"]):
                new = _capabilities.insert().values(device_id=key, position=position, device_type=code)
                db.execute(new)
        return SUCCESS

    def cancel(self, device_id: bytes) -> int:
        """End a registration; return a Result. The device and its services stay in the store."""
        with self._engine.begin() as db:
            found = db.execute(
                _devices.update().where(self._is_registered(device_id)).values(state=CANCELLED)
            )
        return SUCCESS if found.rowcount else UNKNOWN_DEVICE

    def expire(self) -> list[bytes]:
        """Mark the registrations that have lapsed; return whose they were."""
        lapsed = sql.and_(_devices.c.state == REGISTERED, _devices.c.expires_at <= self._now())
        with self._engine.begin() as db:
            found = [bytes.fromhex(key) for key in db.scalars(sql.select(_devices.c.device_id).where(lapsed))]
            if found:
                db.execute(_devices.update().where(lapsed).values(state=EXPIRED))
        return found

    def seen(self, seen: Mapping[bytes, tuple[bytes, Address, float]]) -> None:
        """Who is there now: device ID -> (node ID, address, seconds since it was heard). All others are not."""
        now = self._now()
        keys = [device_id.hex() for device_id in seen]
        with self._engine.begin() as db:
            present = _devices.c.is_present == sql.true()
            db.execute(
                _devices.update()
                .where(sql.and_(present, _devices.c.device_id.not_in(keys)))
                .values(is_present=False)
            )
            for device_id, (node_id, address, age_s) in seen.items():
                row = {"node_id": node_id.hex(), **address._asdict(), "seen_at": now - age_s}
                key = _devices.c.device_id == device_id.hex()
                db.execute(_devices.update().where(key).values(is_present=True, **row))

    def describe(self, device_id: bytes, properties: Iterable[tuple[int, str, str]]) -> None:
        """Keep (PropertyID, name, value) of a device, in the place of those it had."""
        key = device_id.hex()
        with self._engine.begin() as db:
            db.execute(_properties.delete().where(_properties.c.device_id == key))
            for number, name, value in properties:
                new = _properties.insert().values(device_id=key, property_id=number, name=name, value=value)
                db.execute(new)

    def forget(self, device_id: bytes) -> bool:
        """Take a device and all that belongs to it out; False when it is not there."""
        key = device_id.hex()
        with self._engine.begin() as db:
            for table in (_params, _services, _properties, _capabilities):
                db.execute(table.delete().where(table.c.device_id == key))
            return db.execute(_devices.delete().where(_devices.c.device_id == key)).rowcount > 0

    def _is_registered(self, device_id: bytes) -> sql.ColumnElement[bool]:
        """The condition that a device is registered, and its lease has not ended."""
        return sql.and_(
            _devices.c.device_id == device_id.hex(),
            _devices.c.state == REGISTERED,
            _devices.c.expires_at > self._now(),
        )

    # --- services -----------------------------------------------------------------------------

    def service(self, values: Mapping[str, Any]) -> int:
        """Register a service, add to it or delete it; return a Result.

        values: by SERVICE_REGISTRATION_REQUEST_BODY. Register replaces what was there under this device, name
        and user; Add adds parameters, or replaces those of the same number; Delete takes away the parameters
        that it names, without any the whole service.
        """
        key = {
            "device_id": values["DeviceID"].hex(), "name": values["ServiceName"], "user_id": values["UserID"]
        }  # fmt: skip
        params = {param["ParamID"]: param["Value"] for param in values["ParamList"]}
        if not values["ServiceName"]:
            return PAYLOAD_SYNTAX
        with self._engine.begin() as db:
            device = sql.select(_devices.c.device_id).where(self._is_registered(values["DeviceID"]))
            if db.scalar(device) is None:
                return UNKNOWN_DEVICE
            this = _all_equal(_services, key)
            exists = db.scalar(sql.select(_services.c.name).where(this)) is not None
            if values["RegType"] == "Register":
                self._forget_params(db, key, None)
                db.execute(_services.delete().where(this))
                db.execute(_services.insert().values(registered_at=self._now(), **key))
            elif not exists:
                return UNKNOWN_SERVICE
            if values["RegType"] == "Delete":
                self._forget_params(db, key, params or None)
                if not params:
                    db.execute(_services.delete().where(this))
                return SUCCESS
            self._forget_params(db, key, params)
            for number, value in params.items():
                db.execute(_params.insert().values(param_id=number, value=value, **key))
        return SUCCESS

    @staticmethod
    def _forget_params(db: sql.Connection, key: dict[str, str], numbers: Iterable[int] | None) -> None:
        """numbers: of the parameters, None: all."""
        these = _all_equal(_params, key)
        if numbers is not None:
            these = sql.and_(these, _params.c.param_id.in_(list(numbers)))
        db.execute(_params.delete().where(these))

    # --- looking ------------------------------------------------------------------------------

    def devices(self) -> list[Device]:
        """All devices, by type and name. A lease that has ended counts, whether or not expire() has run."""
        with self._engine.connect() as db:
            order = (_devices.c.device_type, _devices.c.name, _devices.c.device_id)
            rows = db.execute(sql.select(_devices).order_by(*order)).mappings().all()
            capability = db.execute(sql.select(_capabilities).order_by(_capabilities.c.position)).all()
            properties = db.execute(sql.select(_properties).order_by(_properties.c.property_id)).all()
            services = db.execute(sql.select(_services).order_by(_services.c.name)).all()
            params = db.execute(sql.select(_params).order_by(_params.c.param_id)).all()
        found = {row["device_id"]: self._device(dict(row)) for row in rows}
        for row in capability:
            found[row.device_id].capability.append(row.device_type)
        for row in properties:
            found[row.device_id].properties[row.name] = row.value
        known: dict[tuple[str, str, str], Service] = {}
        for row in services:
            service = Service(row.name, row.user_id, row.registered_at, {})
            known[row.device_id, row.name, row.user_id] = service
            found[row.device_id].services.append(service)
        for row in params:
            known[row.device_id, row.name, row.user_id].params[row.param_id] = row.value
        return list(found.values())

    def device(self, device_id: bytes) -> Device | None:
        """One device, or None."""
        return next((device for device in self.devices() if device.device_id == device_id), None)

    def _device(self, row: dict[str, Any]) -> Device:
        address = Address(row.pop("carrier"), row.pop("host"), row.pop("port"))
        for name in ("device_id", "node_id"):
            row[name] = bytes.fromhex(row[name])
        if row["state"] == REGISTERED and row["expires_at"] <= self._now():
            row["state"] = EXPIRED
        return Device(address=address, capability=[], properties={}, services=[], **row)


def _all_equal(table: sql.Table, key: dict[str, str]) -> sql.ColumnElement[bool]:
    return sql.and_(*(table.c[name] == value for name, value in key.items()))


def _in_words(error: SQLAlchemyError) -> str:
    """What the database said, without SQLAlchemy's frame around it."""
    return str(getattr(error, "orig", None) or error)
