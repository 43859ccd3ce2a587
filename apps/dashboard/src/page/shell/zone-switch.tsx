import { Menu } from '../parts/menu.tsx';
import { setZone, useZone, zoneLabel } from '../parts/time.tsx';

const own = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The zone of every time on the page. */
export function ZoneSwitch() {
  const zone = useZone();
  const zones = [...new Set([own, 'UTC', ...Intl.supportedValuesOf('timeZone')])];
  return (
    <Menu className="btn quiet max-lg:hidden" name={`Time zone: ${zoneLabel(zone)}`} label={zoneLabel(zone)}>
      {(close) => (
        <label className="field p-1.5">
          <span>Times are shown in</span>
          <select
            value={zone}
            onChange={(event) => {
              setZone(event.target.value);
              close();
            }}
          >
            {zones.map((name) => (
              <option key={name} value={name}>
                {name === own ? `${name} (this device)` : name}
              </option>
            ))}
          </select>
        </label>
      )}
    </Menu>
  );
}
