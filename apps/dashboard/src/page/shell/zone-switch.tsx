import { zoneLabel } from '../parts/clock.ts';
import { Menu } from '../parts/menu.tsx';
import { useChooseZone, useVisitedZone, useZone } from '../parts/time.tsx';

const own = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The zone of every time on the page. */
export function ZoneSwitch() {
  const zone = useZone();
  const choose = useChooseZone();
  useVisitedZone();
  const zones = [...new Set([own, 'UTC', ...Intl.supportedValuesOf('timeZone')])];
  // A small screen has room for it where it is another than one would think.
  const className = `btn quiet ${zone === own ? 'max-lg:hidden' : ''}`;
  return (
    <Menu className={className} name={`Time zone: ${zoneLabel(zone)}`} label={zoneLabel(zone)}>
      {(close) => (
        <label className="field p-1.5">
          <span>Times are shown in</span>
          <select
            value={zone}
            onChange={(event) => {
              choose(event.target.value);
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
