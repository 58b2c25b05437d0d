// The other half of packing.py: base64 -> bytes -> whole numbers -> degrees.

const PER_DEGREE = 1e6;

function numbers(packed) {
  const bytes = atob(packed);
  const found = [];
  let value = 0;
  let place = 1;
  for (let i = 0; i < bytes.length; i += 1) {
    const byte = bytes.charCodeAt(i);
    value += (byte & 127) * place;
    if (byte & 128) {
      found.push(value % 2 ? -(value + 1) / 2 : value / 2);
      value = 0;
      place = 1;
    } else {
      place *= 128;
    }
  }
  return found;
}

// Latitude and longitude, as Leaflet wants them.
function points(packed) {
  const steps = numbers(packed);
  const found = [];
  let lon = 0;
  let lat = 0;
  for (let i = 0; i < steps.length; i += 2) {
    lon += steps[i];
    lat += steps[i + 1];
    found.push([lat / PER_DEGREE, lon / PER_DEGREE]);
  }
  return found;
}

// A shape is a list of lines or rings; each of these a list of points.
function shapes(packed) {
  const vertices = points(packed.xy);
  const lengths = numbers(packed.points);
  let vertex = 0;
  let line = 0;
  return numbers(packed.parts).map((count) => {
    const parts = [];
    for (let i = 0; i < count; i += 1, line += 1) {
      parts.push(vertices.slice(vertex, vertex + lengths[line]));
      vertex += lengths[line];
    }
    return parts;
  });
}

// The same for drawing: positions on a world one unit wide, and the box around each shape.
function flat(packed) {
  const steps = numbers(packed.xy);
  const xy = new Float64Array(steps.length);
  let lon = 0;
  let lat = 0;
  for (let i = 0; i < steps.length; i += 2) {
    lon += steps[i];
    lat += steps[i + 1];
    const sine = Math.sin((lat / PER_DEGREE) * (Math.PI / 180));
    xy[i] = (lon / PER_DEGREE + 180) / 360;
    xy[i + 1] = 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
  }
  const lengths = numbers(packed.points);
  let vertex = 0;
  let line = 0;
  return numbers(packed.parts).map((count) => {
    const shape = { parts: [], west: Infinity, north: Infinity, east: -Infinity, south: -Infinity };
    for (let i = 0; i < count; i += 1, line += 1) {
      const part = xy.subarray(2 * vertex, 2 * (vertex + lengths[line]));
      vertex += lengths[line];
      shape.parts.push(part);
      for (let k = 0; k < part.length; k += 2) {
        shape.west = Math.min(shape.west, part[k]);
        shape.east = Math.max(shape.east, part[k]);
        shape.north = Math.min(shape.north, part[k + 1]);
        shape.south = Math.max(shape.south, part[k + 1]);
      }
    }
    return shape;
  });
}

// Every bit of a float, NaN and infinity too.
function floats(packed) {
  return new Float64Array(Uint8Array.from(atob(packed), (byte) => byte.charCodeAt(0)).buffer);
}
